/// What a client and the server have agreed on: permessage-deflate with these parameters (RFC 7692 §7.1).
public struct DeflateAgreement: Equatable, Sendable {
  /// Whether what the server sends may refer to earlier messages.
  public let keepsServerContext: Bool
  /// Whether what the client sends may.
  public let keepsClientContext: Bool
  /// How far back the server's messages may refer, as a power of two: 8…15.
  public let serverWindowBits: Int
  /// The same for the client's.
  public let clientWindowBits: Int
  /// The value of `Sec-WebSocket-Extensions` in the server's answer.
  public let field: String

  /// Accepts the first of the offers that may be accepted; nil when there is none.
  init?(_ offers: [ExtensionOffer], _ settings: DeflateSettings) {
    // Every configuration can be had, so an offer is declined only for what is wrong in itself.
    guard let offer = offers.lazy.compactMap(DeflateOffer.init).first else { return nil }
    self.init(offer, settings)
  }

  private init(_ offer: DeflateOffer, _ settings: DeflateSettings) {
    // A client that does not let its window be limited can still be told to refer to nothing, which needs no memory.
    let isWithinWindow = offer.clientWindowBits != nil || settings.clientWindowBits == 15
    keepsServerContext = settings.keepsServerContext && !offer.forbidsServerContext
    keepsClientContext = settings.keepsClientContext && !offer.renouncesClientContext && isWithinWindow
    serverWindowBits = min(settings.serverWindowBits, offer.serverWindowBits ?? 15)
    clientWindowBits = offer.clientWindowBits.map { min($0, settings.clientWindowBits) } ?? 15
    var field = "permessage-deflate"
    if !keepsServerContext { field += "; server_no_context_takeover" }
    if !keepsClientContext { field += "; client_no_context_takeover" }
    // The server's may be named in any case, the client's only if it was offered (§7.1.2).
    if serverWindowBits < 15 || offer.serverWindowBits != nil {
      field += "; server_max_window_bits=\(serverWindowBits)"
    }
    if clientWindowBits < 15 { field += "; client_max_window_bits=\(clientWindowBits)" }
    self.field = field
  }
}
