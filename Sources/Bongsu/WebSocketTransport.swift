internal import BongsuBytes
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuWebSocket
internal import NIOCore

/// What plain WebSockets and Engine.IO's have in common: frames in, control frames answered, the closing handshake.
protocol WebSocketTransport: ConnectionDelegate, WebSocketEvents {
  var connection: Connection { get }
  var decoder: WebSocketDecoder { get set }
  var limits: WebSocketLimits { get }
  /// Compression, when it was negotiated.
  var deflate: PerMessageDeflate? { get }
  /// A close frame was sent; the peer's is awaited, what comes before it is ignored.
  var isClosing: Bool { get set }

  var hub: Hub { get }
  /// What the peer says may go to many.
  var fansOut: Bool { get }

  /// The peer closed, properly (with its code) or not (1006), or broke the protocol (`isError`). Called once.
  func ended(code: UInt16, reason: String, isError: Bool)
  /// Something was sent that the kernel did not take at once, and now it has.
  func drained()
}

extension WebSocketTransport {
  /// Takes what came from the wire.
  func take(_ bytes: inout MutableRawSpan) {
    guard fansOut || deflate != nil else { return decode(&bytes) }
    let partBytes = deflate == nil ? Self.partBytes : Self.compressedPartBytes
    if bytes.byteCount <= partBytes, hub.mayDeliverMore { return decode(&bytes) }
    // What is said to many, or has to be decompressed, may be a great deal of work: the rest waits for a later turn.
    var start = 0
    while start < bytes.byteCount, connection.isOpen, hub.mayDeliverMore {
      let end = min(start + partBytes, bytes.byteCount)
      var part = bytes._mutatingExtracting(start..<end)
      decode(&part)
      start = end
    }
    if start < bytes.byteCount, connection.isOpen { connection.putBack(bytes.bytes.extracting(droppingFirst: start)) }
  }

  private func decode(_ bytes: inout MutableRawSpan) {
    do throws(WebSocketError) {
      try decoder.decode(&bytes, limits: limits, with: deflate, into: self)
    } catch {
      guard connection.isOpen else { return }
      if let limit = error.limit { hub.reached(limit, by: connection) }
      // Nothing that comes behind a broken frame can be understood, not even a close frame.
      if !isClosing { sendCloseFrame(code: error.closeCode, reason: error.reason) }
      connection.finish()
      ended(code: error.closeCode, reason: error.reason, isError: true)
    }
  }

  func receivedPing(_ payload: RawSpan) -> Bool {
    guard !isClosing else { return true }
    // A peer that pings and does not read is owed one answer at most (RFC 6455 §5.5.3 allows to answer only the last);
    // one that reads slowly keeps its connection by them.
    if connection.takes(upTo: Self.pongQueueBytes) || connection.queuedBytes < hub.limits.protocolBytes {
      write(.pong, payload)
    }
    return true
  }

  func receivedPong(_ payload: RawSpan) -> Bool { true }

  func receivedClose(code: UInt16?, reason: RawSpan) {
    guard connection.isOpen else { return }
    if isClosing { return connection.finish(lingering: false) }
    sendCloseFrame(code: code, reason: "")
    connection.finish(lingering: false)
    ended(code: code ?? 1005, reason: reason.text, isError: false)
  }

  /// Says goodbye and waits a little for the peer to do so, too (RFC 6455 §7.1.1: it is the server that closes the
  /// connection then); `nil` sends an empty close frame.
  func sendClose(code: UInt16?, reason: String) {
    guard connection.isOpen, !isClosing else { return }
    isClosing = true
    sendCloseFrame(code: code, reason: reason)
    connection.setDeadline(connection.loop.now + .seconds(2))
  }

  /// Sends a message to this client alone.
  func send(_ opcode: Opcode, _ message: RawSpan, isCompressed: Bool = true) {
    noteSent(message.byteCount)
    guard isCompressed, let deflate else { return write(opcode, message) }
    connection.write { deflate.append(opcode, message, to: &$0) }
  }

  /// Sends a frame as it is.
  private func write(_ opcode: Opcode, _ payload: RawSpan) {
    connection.send(WebSocketEncoder.header(opcode, payload: payload.byteCount), payload)
  }

  /// Sends frames that are encoded already. They are copied into the turn's output; sending by reference pays for what
  /// others are sent as well.
  func send(frames: ByteBuffer, isCompressed: Bool = true) {
    noteSent(frames.readableBytes)
    if isCompressed, let deflate {
      connection.write { deflate.append(frames: frames.readableBytesSpan, to: &$0) }
    } else {
      connection.write(limit: frames.readableBytes) { $0.append(contentsOf: frames.readableBytesSpan) }
    }
  }

  /// The same, when there is nothing to compress or to compress with.
  func send(frames: RawSpan) {
    noteSent(frames.byteCount)
    connection.write(limit: frames.byteCount) { $0.append(contentsOf: frames) }
  }

  private func sendCloseFrame(code: UInt16?, reason: String) {
    connection.write { $0.writeImmutableBuffer(WebSocketEncoder.close(code: code, reason: reason)) }
  }

  /// The only deadline a WebSocket sets itself is that of its closing handshake.
  func deadlineReached(_ now: MonotonicTime, on connection: Connection) { connection.abort() }

  func inputEnded(on connection: Connection) {
    connection.abort()
  }

  func drained(_ connection: Connection) { drained() }

  func closed(_ connection: Connection) {
    deflate?.release()
    ended(code: 1006, reason: "", isError: false)
  }

  private static var pongQueueBytes: Int { 64 << 10 }
  /// Bytes that are decoded between two looks at what they have led to.
  private static var partBytes: Int { 4 << 10 }
  /// The same where a kilobyte may become a megabyte.
  private static var compressedPartBytes: Int { 512 }
}

extension RawSpan {
  /// As text; what is not UTF-8 becomes U+FFFD.
  var text: String { unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}

/// The answer to an opening handshake.
enum WebSocketUpgrade {
  struct Accepted {
    let deflate: PerMessageDeflate?
  }

  /// Accepts, or explains why not; the connection is closed then.
  static func accept(
    _ head: RequestHead, on connection: Connection, _ compression: Compression, hub: Hub,
    headers: [(String, String)] = []
  ) -> Accepted? {
    do throws(WebSocketHandshakeError) {
      let handshake = try WebSocketHandshake(
        isGet: head.method == .get, minorVersion: head.minorVersion, deflate: compression.settings,
        values: { head.values($0) })
      var fields = [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", handshake.accept),
      ]
      if let subprotocol = handshake.subprotocol { fields.append(("Sec-WebSocket-Protocol", subprotocol)) }
      if let deflate = handshake.deflate { fields.append(("Sec-WebSocket-Extensions", deflate.field)) }
      connection.write { HTTPResponse.write(status: 101, headers: fields + headers, keepAlive: true, into: &$0) }
      return Accepted(deflate: handshake.deflate.flatMap { hub.deflate(compression, $0) })
    } catch {
      let field = error.field.map { [($0.name, $0.value)] } ?? []
      refuse(error.status, error.reason, on: connection, headers: field)
      return nil
    }
  }

  /// Answers a request that wanted to leave HTTP and may not.
  static func refuse(_ status: Int, _ text: String, on connection: Connection, headers: [(String, String)] = []) {
    let headers = [("Content-Type", "text/html")] + headers
    refuse(Response(status: status, headers: headers, body: ByteBuffer(string: text)), on: connection)
  }

  static func refuse(_ response: Response, on connection: Connection) {
    connection.write {
      HTTPResponse.write(
        status: response.status, headers: response.headers, body: response.body, keepAlive: false, into: &$0)
    }
    connection.finish()
  }
}
