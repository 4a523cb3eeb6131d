/// Walks the packets of a long-polling body, which are separated by the byte 0x1E (Engine.IO 4, Payload encoding).
///
/// Costs no allocation, and linear time however dense the separators are. An empty body holds one empty packet,
/// and so does whatever follows a last separator; an empty packet is invalid.
///
///     var reader = PayloadReader()
///     while let packet = reader.next(in: body) { … }
public struct PayloadReader: Sendable {
  /// Where the next packet starts; nil after the last one.
  private var start: Int? = 0

  public init() {}

  /// The next packet, or nil at the end. What follows an invalid packet is not read.
  public mutating func next(in body: RawSpan) -> EnginePacket? {
    guard let range = nextRange(in: body) else { return nil }
    let packet = EnginePacket(decoding: body, range: range)
    if packet == .invalid { start = nil }
    return packet
  }

  /// The range of the next packet, valid or not, or nil at the end. `body` is the same at every call.
  public mutating func nextRange(in body: RawSpan) -> Range<Int>? {
    guard let start, start <= body.byteCount else { return nil }
    let end = body.firstOffset(of: PayloadWriter.separator, from: start)
    self.start = end < body.byteCount ? end + 1 : nil
    return start..<end
  }
}
