/// What a client is told of an event's place in its namespace's log, and says when it comes back.
///
/// A client takes the last string of any event for an offset, also of one that another client has sent and that is not
/// in the log. So offsets are signed: nobody can make up that of an event that he was not sent.
struct PacketOffset: Equatable {
  /// From 1.
  let position: UInt64
  /// 48 bits that the log makes of the position, and nobody else can.
  let signature: UInt64

  private static var radix: Int { 36 }

  init(position: UInt64, signature: UInt64) {
    self.position = position
    self.signature = signature
  }

  /// Nil for whatever no log has written.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let position = UInt64(parts[0], radix: Self.radix),
      let signature = UInt64(parts[1], radix: Self.radix)
    else { return nil }
    self.init(position: position, signature: signature)
    guard self.text == text else { return nil }
  }

  var text: String { String(position, radix: Self.radix) + "-" + String(signature, radix: Self.radix) }
}
