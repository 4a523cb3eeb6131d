import CWire

/// What a scenario hears of its clients.
protocol CrowdDelegate: AnyObject {
  func becameReady(_ client: Int)
  /// `due` is the time the message carries; those that carry none are not told of.
  func received(_ client: Int, due: UInt64)
  /// `code` is the close frame's, 0 for an end without one, or a negated errno.
  func closed(_ client: Int, code: Int)
}

extension CrowdDelegate {
  func becameReady(_ client: Int) {}
  func closed(_ client: Int, code: Int) {}
}

/// Many clients of one server, on this thread.
@safe final class Crowd {
  private var wire: OpaquePointer?
  private var delegate: (any CrowdDelegate)?
  private let target: Target

  private(set) var readyCount = 0
  /// Clients that went although nobody told them to.
  private(set) var lostCount = 0
  /// Nanoseconds in which there was something to do.
  private(set) var busyNanoseconds: UInt64 = 0

  /// `sources`: how many addresses to connect from; 0 for as many as the number of clients asks for.
  init(_ target: Target, sources: Int = 0) throws {
    self.target = target
    let sources = max(sources, 1 + target.connections / 20_000)
    let handler: wire_handler = { context, id, event, head, headCount, detail in
      let crowd = unsafe Unmanaged<Crowd>.fromOpaque(context).takeUnretainedValue()
      unsafe crowd.happened(Int(id), event, UnsafeRawBufferPointer(start: head, count: headCount), Int(detail))
    }
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe wire = target.host.withCString { host in
      unsafe target.actualPath.withCString { path in
        var options = unsafe wire_options(
          host: host, path: path, port: target.port, tls: target.tls, socketio: target.event != nil,
          sources: UInt8(clamping: sources))
        return unsafe wire_create(&options, UInt32(target.connections), handler, context)
      }
    }
    guard unsafe wire != nil else { throw Failure("no memory for \(target.connections) clients") }
  }

  deinit { unsafe wire_destroy(wire!) }

  private func happened(_ client: Int, _ event: wire_event, _ head: UnsafeRawBufferPointer, _ detail: Int) {
    switch event {
    case WIRE_MESSAGE:
      // What carries no time is no answer to anything: a server's greeting would count as one, and its client would
      // have one message more under way than the others from then on.
      let due = unsafe Message.due(in: head)
      if due > 0 { delegate?.received(client, due: due) }
    case WIRE_READY:
      readyCount += 1
      delegate?.becameReady(client)
    default:
      readyCount -= 1
      lostCount += 1
      delegate?.closed(client, code: detail)
    }
  }

  /// Who hears of what happens from now on, and is kept alive by it.
  func tell(_ delegate: any CrowdDelegate) { self.delegate = delegate }

  /// Connects all clients, no more than `atOnce` at a time.
  func open(atOnce: Int = 256) throws {
    let start = Clock.now
    var begun = 0
    while readyCount < target.connections {
      while begun < target.connections, begun - readyCount < atOnce {
        try connect(begun)
        begun += 1
      }
      turn(until: Clock.now + 100_000_000)
      guard lostCount == 0 else { throw Failure("the server refused or closed \(lostCount) connections") }
      guard Clock.now - start < 300_000_000_000 else {
        throw Failure("only \(readyCount) of \(target.connections) clients were ready after 300 s")
      }
    }
  }

  func connect(_ client: Int) throws {
    guard unsafe wire_connect(wire!, UInt32(client)) else { throw Failure("cannot connect: \(Failure.errno)") }
  }

  func send(_ client: Int, _ message: Message) {
    unsafe message.bytes.withUnsafeBufferPointer {
      unsafe wire_send(wire!, UInt32(client), $0.baseAddress!, $0.count)
    }
  }

  func close(_ client: Int) { unsafe wire_close(wire!, UInt32(client)) }

  /// Ends a connection by a reset.
  func abort(_ client: Int) {
    unsafe wire_abort(wire!, UInt32(client))
    readyCount -= 1
  }

  func pause(_ client: Int) { unsafe wire_pause(wire!, UInt32(client)) }
  func resume(_ client: Int) { unsafe wire_resume(wire!, UInt32(client)) }

  /// Handles what happens, or waits until `deadline`.
  func turn(until deadline: UInt64) {
    let start = Clock.now
    _ = unsafe wire_turn(wire!, deadline > start ? Int64(deadline - start) : 0)
  }

  /// Sends what is due every `1 / rate` seconds and handles what happens, for `seconds`. Never sleeps, so that nothing
  /// leaves late because this thread woke up late. `send` gets the number of the message and when it was due.
  func run(seconds: Double, rate: Double, send: (Int, UInt64) -> Void) {
    let start = Clock.now
    let end = start + UInt64(seconds * 1e9)
    var number = 0
    var now = start
    while now < end {
      var hadWork = unsafe wire_turn(wire!, 0) > 0
      while true {
        let due = start + UInt64(Double(number) / rate * 1e9)
        guard due <= now, due < end else { break }
        send(number, due)
        number += 1
        hadWork = true
      }
      let then = Clock.now
      if hadWork { busyNanoseconds += then - now }
      now = then
    }
  }

  func run(seconds: Double) {
    let end = Clock.now + UInt64(seconds * 1e9)
    while Clock.now < end { turn(until: end) }
  }
}
