internal import BongsuBytes

/// Walks over MessagePack values: every form of the specification, and those of notepack.io's own making that are found
/// in Socket.IO (extension type 0 for `ArrayBuffer`, `undefined` and old dates).
///
/// It keeps nothing but where it is; the span is passed to every call and is always the same. Nothing is believed of a
/// count before there are as many bytes, so what a value costs is bounded by its length.
public struct MessagePackReader: Sendable {
  /// The deepest nesting that can be asked for.
  public static let maximumDepth = 128

  /// The next byte to look at.
  public private(set) var position: Int

  public init(at position: Int = 0) { self.position = position }

  /// Takes the next scalar, or the head of the next array or map.
  public mutating func next(in bytes: RawSpan) throws(MessagePackError) -> MessagePackToken {
    let format = UInt8(truncatingIfNeeded: try number(1, bytes))
    switch format {
    case 0x00...0x7F: return .unsigned(UInt64(format))
    case 0x80...0x8F: return try map(Int(format & 0x0F), bytes)
    case 0x90...0x9F: return try array(Int(format & 0x0F), bytes)
    case 0xA0...0xBF: return try string(Int(format & 0x1F), bytes)
    case 0xC0: return .null
    case 0xC2, 0xC3: return .bool(format == 0xC3)
    case 0xC4...0xC6: return .binary(try range(length(1 << Int(format - 0xC4), bytes), bytes))
    case 0xC7...0xC9: return try extended(length(1 << Int(format - 0xC7), bytes), isFixed: false, bytes)
    case 0xCA: return .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try number(4, bytes)))))
    case 0xCB: return .float(Double(bitPattern: try number(8, bytes)))
    case 0xCC...0xCF: return .unsigned(try number(1 << Int(format - 0xCC), bytes))
    case 0xD0...0xD3: return try signed(1 << Int(format - 0xD0), bytes)
    case 0xD4...0xD8: return try extended(1 << Int(format - 0xD4), isFixed: true, bytes)
    case 0xD9...0xDB: return try string(length(1 << Int(format - 0xD9), bytes), bytes)
    case 0xDC, 0xDD: return try array(length(2 << Int(format - 0xDC), bytes), bytes)
    case 0xDE, 0xDF: return try map(length(2 << Int(format - 0xDE), bytes), bytes)
    case 0xE0...0xFF: return .negative(Int64(Int8(bitPattern: format)))
    default: throw .unknownFormat
    }
  }

  /// Goes from the first byte of a value to behind its last.
  /// - Parameter depth: how many arrays and maps may stand inside one another; 128 at most.
  public mutating func skipValue(
    in bytes: RawSpan, depth: Int = maximumDepth
  ) throws(MessagePackError) {
    try skip(bytes, min(depth, Self.maximumDepth))
  }

  private mutating func skip(_ bytes: RawSpan, _ depth: Int) throws(MessagePackError) {
    switch try next(in: bytes) {
    case .array(let count):
      guard depth > 0 else { throw .tooDeep }
      for _ in 0..<count { try skip(bytes, depth - 1) }
    case .map(let count):
      guard depth > 0 else { throw .tooDeep }
      for _ in 0..<count {
        _ = try key(in: bytes)
        try skip(bytes, depth - 1)
      }
    default: break
    }
  }

  /// Takes the name of a map's member.
  public mutating func key(in bytes: RawSpan) throws(MessagePackError) -> Range<Int> {
    guard case .string(let name) = try next(in: bytes) else { throw .invalidKey }
    return name
  }

  // MARK: Pieces

  private mutating func range(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> Range<Int> {
    guard count <= bytes.byteCount - position else { throw .truncated }
    defer { position += count }
    return position..<position + count
  }

  private mutating func number(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> UInt64 {
    bytes.number(at: try range(count, bytes).lowerBound, count: count)
  }

  /// A length of up to four bytes.
  private mutating func length(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> Int {
    Int(truncatingIfNeeded: try number(count, bytes))
  }

  private mutating func signed(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> MessagePackToken {
    let shift = UInt64(64 - 8 * count)
    let number = Int64(bitPattern: try number(count, bytes) << shift) >> Int64(shift)
    return number < 0 ? .negative(number) : .unsigned(UInt64(number))
  }

  private mutating func string(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> MessagePackToken {
    let range = try range(count, bytes)
    guard UTF8Validator.isValid(bytes.extracting(range)) else { throw .invalidText }
    return .string(range)
  }

  private func array(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> MessagePackToken {
    guard count <= bytes.byteCount - position else { throw .truncated }
    return .array(count: count)
  }

  private func map(_ count: Int, _ bytes: RawSpan) throws(MessagePackError) -> MessagePackToken {
    guard count <= (bytes.byteCount - position) / 2 else { throw .truncated }
    return .map(count: count)
  }

  /// - Parameter isFixed: whether the length is part of the format: notepack.io has `undefined` in one form of one byte
  ///   and an `ArrayBuffer` in the other.
  private mutating func extended(
    _ count: Int, isFixed: Bool, _ bytes: RawSpan
  ) throws(MessagePackError) -> MessagePackToken {
    let type = Int8(truncatingIfNeeded: try number(1, bytes))
    let range = try range(count, bytes)
    switch (type, count, isFixed) {
    case (0, 1, true): return .null
    case (0, 8, true):
      return .date(MessagePackDate(milliseconds: Int64(bitPattern: bytes.number(at: range.lowerBound, count: 8))))
    case (0, _, false): return .binary(range)
    case (-1, 4, _), (-1, 8, _), (-1, 12, _):
      if let date = Self.timestamp(range, bytes) { return .date(date) }
      return .extended(type: type, range)
    default: return .extended(type: type, range)
    }
  }

  /// MessagePack specification, Timestamp extension type: seconds in 32 bits, nanoseconds and seconds in 30 and 34, or
  /// in 32 and 64.
  private static func timestamp(_ range: Range<Int>, _ bytes: RawSpan) -> MessagePackDate? {
    let start = range.lowerBound
    switch range.count {
    case 4:
      return MessagePackDate(seconds: Int64(bytes.number(at: start, count: 4)), nanoseconds: 0)
    case 8:
      let number = bytes.number(at: start, count: 8)
      return MessagePackDate(
        seconds: Int64(number & 0x3_FFFF_FFFF), nanoseconds: UInt32(truncatingIfNeeded: number >> 34))
    default:
      return MessagePackDate(
        seconds: Int64(bitPattern: bytes.number(at: start + 4, count: 8)),
        nanoseconds: UInt32(truncatingIfNeeded: bytes.number(at: start, count: 4)))
    }
  }
}
