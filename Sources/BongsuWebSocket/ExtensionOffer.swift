/// One element of `Sec-WebSocket-Extensions` (RFC 6455 §9.1): an extension and the parameters it is offered with.
struct ExtensionOffer: Equatable {
  struct Parameter: Equatable {
    let name: String
    /// Without quotation marks.
    let value: String?
  }

  let name: String
  var parameters: [Parameter] = []

  /// All offers of the field's values, in order. Whatever is not as the grammar says makes the handshake fail (§9.1).
  static func parse(_ values: [String]) throws(WebSocketHandshakeError) -> [ExtensionOffer] {
    var offers: [ExtensionOffer] = []
    for value in values {
      var scanner = ExtensionScanner(value)
      try scanner.scan(into: &offers)
    }
    guard values.isEmpty || !offers.isEmpty else { throw .extensions }
    return offers
  }
}

/// Reads one value of the field. Every byte is looked at a fixed number of times.
private struct ExtensionScanner {
  private let bytes: [UInt8]
  private var index = 0

  init(_ value: String) { bytes = Array(value.utf8) }

  mutating func scan(into offers: inout [ExtensionOffer]) throws(WebSocketHandshakeError) {
    repeat {
      // A list may have empty elements (RFC 9110 §5.6.1.2).
      skipSpace()
      if index < bytes.count, bytes[index] != UInt8(ascii: ",") { offers.append(try offer()) }
    } while skip(",")
    guard index == bytes.count else { throw .extensions }
  }

  private mutating func offer() throws(WebSocketHandshakeError) -> ExtensionOffer {
    var offer = ExtensionOffer(name: try token())
    while skip(";") {
      let name = try token()
      offer.parameters.append(ExtensionOffer.Parameter(name: name, value: skip("=") ? try value() : nil))
    }
    return offer
  }

  private mutating func value() throws(WebSocketHandshakeError) -> String {
    guard skip("\"") else { return try token() }
    var text: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") { index += 1 }
      // What is quoted is a token all the same.
      guard index < bytes.count, bytes[index].isTokenCharacter else { throw .extensions }
      text.append(bytes[index])
      index += 1
    }
    guard index < bytes.count, !text.isEmpty else { throw .extensions }
    index += 1
    skipSpace()
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func token() throws(WebSocketHandshakeError) -> String {
    skipSpace()
    let start = index
    while index < bytes.count, bytes[index].isTokenCharacter { index += 1 }
    guard index > start else { throw .extensions }
    let token = String(decoding: bytes[start..<index], as: UTF8.self)
    skipSpace()
    return token
  }

  /// Whether `character` comes next; it is passed then.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
    index += 1
    if character != "\"" { skipSpace() }
    return true
  }

  /// Between any two tokens (RFC 2616 §2.1, implied white space).
  private mutating func skipSpace() {
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") { index += 1 }
  }
}
