/// What a server answers to a client that opens a WebSocket (RFC 6455 §4.2).
public struct WebSocketHandshake: Equatable, Sendable {
  /// The value of `Sec-WebSocket-Accept`.
  public let accept: String
  /// The value of `Sec-WebSocket-Protocol`: the first that the client offers; nil when it offers none, and then the
  /// field must not be sent.
  public let subprotocol: String?
  /// Compression as it is agreed on; nil when it is not, and then `Sec-WebSocket-Extensions` must not be sent.
  public let deflate: DeflateAgreement?

  /// Checks a request.
  ///
  /// - Parameters:
  ///   - isGet: whether the method is GET.
  ///   - minorVersion: the 1 of HTTP/1.1.
  ///   - deflate: how the server wants to compress; nil: not at all. What the client says of extensions is not even
  ///     looked at then.
  ///   - values: all values of the header field with the given lower-case name, in order.
  public init(
    isGet: Bool, minorVersion: Int, deflate: DeflateSettings? = nil, values: (_ name: String) -> [String]
  ) throws(WebSocketHandshakeError) {
    guard isGet else { throw .method }
    guard minorVersion >= 1 else { throw .httpVersion }
    guard Self.isElement("websocket", of: values("upgrade")) else { throw .upgrade }
    guard Self.isElement("upgrade", of: values("connection")) else { throw .connection }
    let keys = values("sec-websocket-key")
    guard keys.count == 1, WebSocketKey.isValid(keys[0]) else { throw .key }
    let versions = values("sec-websocket-version")
    guard let version = versions.first else { throw .missingVersion }
    guard versions.count == 1, version == "13" else { throw .unsupportedVersion }
    let offers = values("sec-websocket-protocol").map(FieldList.init)
    guard offers.allSatisfy({ $0.allSatisfy(\.isToken) }) else { throw .subprotocol }
    self.deflate = try deflate.flatMap { settings throws(WebSocketHandshakeError) in
      DeflateAgreement(try ExtensionOffer.parse(values("sec-websocket-extensions")), settings)
    }
    accept = WebSocketKey.accept(keys[0])
    subprotocol = offers.first?.first { _ in true }?.string
  }

  private static func isElement(_ word: String, of values: [String]) -> Bool {
    values.contains { FieldList($0).contains { $0.matches(word) } }
  }
}
