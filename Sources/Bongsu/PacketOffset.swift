/// What a client is told of an event's place in its namespace's log, and says when it comes back.
///
/// The epoch tells one log from another: a client keeps the last offset it was given even when the server has started
/// anew since.
struct PacketOffset: Equatable {
  let epoch: UInt32
  /// From 1.
  let position: UInt64

  private static var radix: Int { 36 }

  init(epoch: UInt32, position: UInt64) {
    self.epoch = epoch
    self.position = position
  }

  /// Nil for whatever no log has written: clients take any string at the end of an event for its offset.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = UInt32(parts[0], radix: Self.radix),
      let position = UInt64(parts[1], radix: Self.radix)
    else { return nil }
    self.init(epoch: epoch, position: position)
    guard self.text == text else { return nil }
  }

  var text: String { String(epoch, radix: Self.radix) + "-" + String(position, radix: Self.radix) }
}
