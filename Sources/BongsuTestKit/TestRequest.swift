import NIOCore

/// A request as a client writes it.
struct TestRequest {
  var method = "GET"
  var target: String
  var headers: [(String, String)] = []
  var body: [UInt8]?

  var bytes: ByteBuffer {
    var bytes = ByteBuffer(string: "\(method) \(target) HTTP/1.1\r\n")
    let names = headers.map { $0.0.lowercased() }
    if !names.contains("host") { bytes.writeString("Host: localhost\r\n") }
    for (name, value) in headers { bytes.writeString("\(name): \(value)\r\n") }
    if let body { bytes.writeString("Content-Length: \(body.count)\r\n") }
    bytes.writeString("\r\n")
    bytes.writeBytes(body ?? [])
    return bytes
  }

  /// Asks for a WebSocket. The key is that of RFC 6455 §1.3.
  static func upgrade(_ target: String, _ headers: [(String, String)]) -> TestRequest {
    let fields = [
      ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
      ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]
    return TestRequest(target: target, headers: fields + headers)
  }

  /// What the server has to make of that key.
  static let acceptance = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
}
