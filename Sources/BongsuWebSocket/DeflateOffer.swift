/// What a client offers of permessage-deflate (RFC 7692 §7.1).
struct DeflateOffer: Equatable {
  /// The server is asked to compress each message by itself.
  var forbidsServerContext = false
  /// The client says that it may compress each message by itself.
  var renouncesClientContext = false
  /// How far back, as a power of two, what the server sends may refer: 8…15. Nil: not asked for.
  var serverWindowBits: Int?
  /// How far back the client will refer if it is told nothing else: 8…15. Nil: it does not take orders.
  var clientWindowBits: Int?

  /// Nil when this is another extension, or when the server must decline: a parameter that does not exist, comes twice
  /// or has an impossible value (§7.1).
  init?(_ offer: ExtensionOffer) {
    guard offer.name == "permessage-deflate" else { return nil }
    var names: Set<String> = []
    for parameter in offer.parameters {
      guard names.insert(parameter.name).inserted, apply(parameter) else { return nil }
    }
  }

  private mutating func apply(_ parameter: ExtensionOffer.Parameter) -> Bool {
    switch (parameter.name, parameter.value) {
    case ("server_no_context_takeover", nil): forbidsServerContext = true
    case ("client_no_context_takeover", nil): renouncesClientContext = true
    case ("client_max_window_bits", nil): clientWindowBits = 15
    case ("client_max_window_bits", let value?):
      clientWindowBits = Self.windowBits(value)
      return clientWindowBits != nil
    case ("server_max_window_bits", let value?):
      serverWindowBits = Self.windowBits(value)
      return serverWindowBits != nil
    default: return false
    }
    return true
  }

  /// "A decimal integer value without leading zeroes between 8 to 15, inclusive."
  private static func windowBits(_ value: String) -> Int? {
    (8...15).first { String($0) == value }
  }
}
