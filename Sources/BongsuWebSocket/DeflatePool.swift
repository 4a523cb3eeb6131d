/// What the connections of one loop share of permessage-deflate, under the same settings. Nothing is allocated before
/// the first message that needs it.
///
/// It belongs to the loop's thread, as does everything that it makes.
public final class DeflatePool {
  let share: DeflateShare
  private var variants: [DeflateVariant] = []
  /// For connections whose messages refer to nothing, in either direction: they have no state to tell them apart.
  private var stateless: [PerMessageDeflate] = []

  /// A pool without messages is a few pointers.
  public init(_ settings: DeflateSettings) { share = DeflateShare(settings) }

  /// What a connection with this agreement compresses and inflates with. All connections that need no memory of their
  /// own are given the same.
  public func member(_ agreement: DeflateAgreement) -> PerMessageDeflate {
    let variant = variant(agreement.serverWindowBits)
    guard !agreement.keepsServerContext, !agreement.keepsClientContext else {
      return PerMessageDeflate(agreement, variant: variant, share)
    }
    if let known = stateless.first(where: { $0.variant === variant }) { return known }
    let new = PerMessageDeflate(agreement, variant: variant, share)
    stateless.append(new)
    return new
  }

  private func variant(_ windowBits: Int) -> DeflateVariant {
    // There is no compressor for a window of 8 bits; the one for 9 keeps within it.
    let windowBits = max(windowBits, 9)
    if let known = variants.first(where: { $0.windowBits == windowBits }) { return known }
    let new = DeflateVariant(windowBits: windowBits, share)
    variants.append(new)
    return new
  }
}
