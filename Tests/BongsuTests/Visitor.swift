import Loopback

/// A client of a server in this process: HTTP requests and WebSocket frames over one bare socket.
struct Visitor {
  struct Answer {
    let status: Int
    let head: String
    let body: String

    /// The session's id, if this answers a handshake.
    var sid: String {
      String(body.drop { $0 != "{" }.dropFirst(#"{"sid":""#.count).prefix { $0 != "\"" })
    }
  }

  struct Frame: Equatable {
    let first: UInt8
    let payload: [UInt8]

    static func text(_ text: String) -> Frame { Frame(first: 0x81, payload: Array(text.utf8)) }
    static func binary(_ bytes: [UInt8]) -> Frame { Frame(first: 0x82, payload: bytes) }
    static let emptyClose = Frame(first: 0x88, payload: [])

    var string: String { String(decoding: payload, as: UTF8.self) }
  }

  let socket: LoopbackSocket

  init(port: UInt16) throws { socket = try LoopbackSocket(port: port) }

  /// Sends a request; the answer must have a Content-Length.
  func request(_ line: String, headers: [String] = [], body: String? = nil) -> Answer {
    let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
    let lines = ["\(line) HTTP/1.1", "Host: localhost"] + length + headers
    socket.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return answer()
  }

  /// The next answer.
  func answer() -> Answer {
    var bytes: [UInt8] = []
    while !bytes.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
      let next = socket.receive(1)
      guard !next.isEmpty else { return Answer(status: 0, head: String(decoding: bytes, as: UTF8.self), body: "") }
      bytes += next
    }
    let head = String(decoding: bytes, as: UTF8.self)
    let lines = head.split(separator: "\r\n")
    let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.drop { $0 != ":" }.dropFirst(2)) }
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return Answer(
      status: status ?? 0, head: head, body: String(decoding: socket.receive(length ?? 0), as: UTF8.self))
  }

  /// Leaves HTTP. The key and its answer are those of RFC 6455 §1.3.
  func upgrade(_ target: String) -> Answer {
    request(
      "GET \(target)",
      headers: [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ])
  }

  func send(_ text: String) { send(0x81, Array(text.utf8)) }
  func send(_ bytes: [UInt8]) { send(0x82, bytes) }

  /// A final frame of at most 125 bytes, masked.
  func send(_ first: UInt8, _ payload: [UInt8]) {
    let key: [UInt8] = [1, 2, 3, 4]
    let masked = payload.indices.map { payload[$0] ^ key[$0 % 4] }
    socket.send([first, 0x80 | UInt8(payload.count)] + key + masked)
  }

  /// The next frame, which must not be masked; nil at the end.
  func frame() -> Frame? {
    let head = socket.receive(2)
    guard head.count == 2, head[1] < 127 else { return nil }
    var count = Int(head[1])
    if count == 126 { count = socket.receive(2).reduce(0) { $0 << 8 | Int($1) } }
    return Frame(first: head[0], payload: socket.receive(count))
  }
}
