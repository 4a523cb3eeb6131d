internal import BongsuBytes

/// Walks the packets of a long-polling body.
///
/// Costs no allocation, and linear time whatever the body is. Ends behind the first packet that is invalid, and so does
/// a body that is not put together right.
///
///     var reader = PayloadReader(.separated)
///     while let packet = reader.next(in: body) { … }
public struct PayloadReader: Sendable {
  /// How a body is put together.
  public enum Form: Sendable {
    /// The byte 0x1E stands between packets (Engine.IO 4, Payload encoding). An empty body holds one empty packet, and
    /// so does whatever follows a last separator; an empty packet is invalid.
    case separated
    /// `<length>:` stands in front of each packet (Engine.IO 3, Encoding, as text); the length counts UTF-16 units. The
    /// body is valid UTF-8.
    case counted
    /// The byte 0 for text or 1 for binary, the digits of the length as bytes 0…9 and the byte 255 stand in front of
    /// each packet (Engine.IO 3, Encoding, as binary data); the length counts bytes.
    case binary
  }

  private let form: Form
  /// Where the next packet starts; nil after the last one.
  private var start: Int? = 0

  public init(_ form: Form = .separated) { self.form = form }

  /// The next packet, or nil at the end. What follows an invalid packet is not read. `body` is the same at every call.
  public mutating func next(in body: RawSpan) -> EnginePacket? {
    // What almost every body is, and worth a way of its own.
    guard form == .separated else { return nextOfVersion3(in: body) }
    guard let range = nextRange(in: body) else { return nil }
    let packet = EnginePacket(decoding: body, range: range)
    if case .invalid = packet { start = nil }
    return packet
  }

  private mutating func nextOfVersion3(in body: RawSpan) -> EnginePacket? {
    guard let start else { return nil }
    let packet = form == .counted ? nextCounted(in: body, from: start) : nextBinary(in: body, from: start)
    if case .invalid? = packet { self.start = nil }
    return packet
  }

  /// The range of the next packet of a separated body, valid or not, or nil at the end.
  public mutating func nextRange(in body: RawSpan) -> Range<Int>? {
    guard let start, start <= body.byteCount else { return nil }
    let end = body.firstOffset(of: PayloadWriter.separator, from: start)
    self.start = end < body.byteCount ? end + 1 : nil
    return start..<end
  }

  private mutating func nextCounted(in body: RawSpan, from start: Int) -> EnginePacket? {
    // A body without packets is as broken as a packet without a length.
    if start == body.byteCount, start > 0 { return nil }
    var offset = start
    // The reference passes over packets of no length.
    while true {
      guard let length = Self.length(in: body, &offset, ends: UInt8(ascii: ":"), zero: UInt8(ascii: "0")),
        let end = body.offset(after: length, utf16UnitsFrom: offset)
      else { return .invalid }
      self.start = end
      if length > 0 { return EnginePacket(version3: body, range: offset..<end) }
      if end == body.byteCount { return nil }
    }
  }

  private mutating func nextBinary(in body: RawSpan, from start: Int) -> EnginePacket? {
    if start == body.byteCount, start > 0 { return nil }
    guard start < body.byteCount else { return .invalid }
    let kind = body.byte(at: start)
    var offset = start + 1
    guard kind <= 1, let length = Self.length(in: body, &offset, ends: 0xFF, zero: 0),
      length <= body.byteCount - offset
    else { return .invalid }
    let range = offset..<(offset + length)
    self.start = range.upperBound
    if kind == 1 { return EnginePacket(version3: body, binary: range) }
    return UTF8Validator.isValid(body.extracting(range)) ? EnginePacket(version3: body, range: range) : .invalid
  }

  /// Reads decimal digits up to the byte that ends them; nil without digits, or when there are not so many bytes.
  private static func length(in body: RawSpan, _ offset: inout Int, ends end: UInt8, zero: UInt8) -> Int? {
    var length = 0
    let start = offset
    while offset < body.byteCount {
      let byte = body.byte(at: offset)
      offset += 1
      if byte == end { return offset - start > 1 ? length : nil }
      let digit = byte &- zero
      guard digit < 10 else { return nil }
      length = length * 10 + Int(digit)
      guard length <= body.byteCount else { return nil }
    }
    return nil
  }
}

extension RawSpan {
  /// The offset behind so many UTF-16 units of valid UTF-8; nil when there are fewer, or a character would be cut.
  fileprivate func offset(after count: Int, utf16UnitsFrom start: Int) -> Int? {
    var left = count
    var offset = start
    while left > 0 {
      guard offset < byteCount else { return nil }
      switch byte(at: offset) {
      case ..<0x80: (offset, left) = (offset + 1, left - 1)
      case ..<0xE0: (offset, left) = (offset + 2, left - 1)
      case ..<0xF0: (offset, left) = (offset + 3, left - 1)
      default: (offset, left) = (offset + 4, left - 2)
      }
    }
    return left == 0 && offset <= byteCount ? offset : nil
  }

  /// The UTF-16 units of valid UTF-8.
  var utf16Count: Int {
    var count = 0
    for offset in 0..<byteCount {
      let byte = byte(at: offset)
      // Every byte that begins a character counts, and one that begins a character beyond U+FFFF twice.
      count += (byte & 0xC0 != 0x80 ? 1 : 0) + (byte >= 0xF0 ? 1 : 0)
    }
    return count
  }
}
