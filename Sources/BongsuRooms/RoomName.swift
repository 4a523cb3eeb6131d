/// A room's name, equal to another one when the bytes are.
///
/// `String` compares by canonical equivalence: a precomposed é equals an e with a combining accent. To every client,
/// and to whatever decides who may join what, those are two names, so rooms compare their UTF-8 instead. It is also
/// faster: nothing is ever normalised.
public struct RoomName: Hashable, Sendable {
  public let text: String

  @inlinable
  public init(_ text: String) {
    self.text = text
  }

  public static func == (left: RoomName, right: RoomName) -> Bool {
    unsafe sameBytes(left.text.utf8Span.span.bytes, right.text.utf8Span.span.bytes)
  }

  /// Whether these are the bytes of the name.
  func consists(of bytes: UnsafeRawBufferPointer) -> Bool {
    unsafe sameBytes(text.utf8Span.span.bytes, bytes.bytes)
  }

  /// Names are chosen by clients: `Hasher` is keyed at random for each process, so nobody can pick names that collide.
  public func hash(into hasher: inout Hasher) {
    unsafe text.utf8Span.span.bytes.withUnsafeBytes { bytes in unsafe hasher.combine(bytes: bytes) }
  }
}

private func sameBytes(_ left: RawSpan, _ right: RawSpan) -> Bool {
  let count = left.byteCount
  guard count == right.byteCount else { return false }
  var offset = 0
  while count - offset >= 8 {
    // Both spans have at least eight bytes from `offset` on.
    let (one, other) = unsafe (
      left.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self),
      right.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    )
    if one != other { return false }
    offset += 8
  }
  while offset < count {
    let (one, other) = unsafe (
      left.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self),
      right.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    )
    if one != other { return false }
    offset += 1
  }
  return true
}
