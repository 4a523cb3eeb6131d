import BongsuBytes
import BongsuReactor
import Loopback
import NIOCore
import Synchronization

/// Loops of one test; the first listens on a port that was free.
final class Harness: @unchecked Sendable {
  let loops: [Loop]
  let port: UInt16
  /// Connections that were shed for want of descriptors.
  let shed = Atomic(0)
  private var listener: Listener?
  private let endings: [AsyncStream<Void>]

  /// - Parameter serve: is given each new connection, on the first loop.
  init(
    loops count: Int = 1, givenTime time: MonotonicTime? = nil, serve: @escaping (Connection) -> Void = { _ in }
  ) throws {
    loops = (0..<count).compactMap { Loop(index: $0, givenTime: time) }
    port = try Listener.probe(host: "127.0.0.1", port: 0)
    var endings: [AsyncStream<Void>] = []
    for loop in loops {
      loop.batching = EveryBatching.batching
      let (ending, ended) = AsyncStream.makeStream(of: Void.self)
      endings.append(ending)
      loop.start { ended.finish() }.detach()
    }
    self.endings = endings
    let box = Unchecked(serve)
    let result = Unchecked<Result<Listener, AddressError>?>(nil)
    let ready = Atomic(false)
    loops[0].submit { [unowned self] in
      do throws(AddressError) {
        result.value = .success(
          try Listener(on: loops[0], host: "127.0.0.1", port: port, accept: { box.value($0) }) { [unowned self] _ in
            shed.add(1, ordering: .relaxed)
          })
      } catch { result.value = .failure(error) }
      ready.store(true, ordering: .releasing)
    }
    while !ready.load(ordering: .acquiring) {}
    listener = try result.value?.get()
  }

  func connect(receiveBuffer: Int32? = nil) throws -> LoopbackSocket {
    try LoopbackSocket(port: port, receiveBuffer: receiveBuffer)
  }

  /// Runs `body` on a loop and returns what it does.
  func on<Value: Sendable>(_ index: Int = 0, _ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      loops[index].submit { continuation.resume(returning: body()) }
    }
  }

  /// Ends the loops; connections and the listener end with them.
  func stop() async {
    for loop in loops { loop.stop() }
    for ending in endings { for await _ in ending {} }
  }
}

/// Carries what belongs to one loop there.
final class Unchecked<Value>: @unchecked Sendable {
  var value: Value
  init(_ value: Value) { self.value = value }
}

/// Waits until a condition holds, at most ten seconds; returns whether it does.
func eventually(_ condition: () async -> Bool) async -> Bool {
  for _ in 0..<5_000 {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return await condition()
}

/// Whether two streams are the same. A comparison inside `#expect` would show every difference of megabytes.
func matches(_ received: [UInt8], _ expected: [UInt8]) -> Bool { received == expected }
