import BongsuBytes
import BongsuWebSocket
import NIOCore

/// Header fields as lines, `name:value`: whatever is accepted can be answered without harm.
@Sendable func fuzzHandshake(_ input: Input) {
  let fields = input.wire.split(separator: 10).map { line in
    let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    return (name: text(parts[0]), value: text(parts.dropFirst().first ?? []))
  }
  let values = { (name: String) in fields.filter { $0.name == name }.map(\.value) }
  let isGet = input.choice & 8 == 0
  do throws(WebSocketHandshakeError) {
    let handshake = try WebSocketHandshake(isGet: isGet, minorVersion: Int(input.choice >> 7 ^ 1), values: values)
    require(isGet && input.choice < 128, "GET, HTTP/1.1")
    require(handshake.accept.utf8.count == 28 && handshake.accept.hasSuffix("="), "20 bytes in base64")
    let key = ByteBuffer(string: values("sec-websocket-key")[0])
    requireEqual(Base64.decode(key.readableBytesSpan).readableBytes, 16, "the key's bytes")
    requireEqual(values("sec-websocket-version"), ["13"], "the version")
    for (name, word) in [("upgrade", "websocket"), ("connection", "upgrade")] {
      let elements = values(name).flatMap { $0.lowercased().split(separator: ",") }
      require(elements.contains { $0.contains(word) }, "\(name) names \(word)")
    }
    if let subprotocol = handshake.subprotocol {
      let isHarmless = subprotocol.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ",") }
      require(isHarmless && !subprotocol.isEmpty, "a subprotocol can stand in a header")
      require(values("sec-websocket-protocol")[0].contains(subprotocol), "it was offered")
    }
  } catch {
    require(error.status == 400 || error.field != nil, "an answer for \(error)")
    require(!error.reason.isEmpty, "a reason for \(error)")
  }
}
