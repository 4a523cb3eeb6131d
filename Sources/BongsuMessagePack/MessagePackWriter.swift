public import NIOCore

/// Appends MessagePack to a buffer, each value in its shortest form.
///
/// Numbers are JavaScript's: one without a fraction is written as an integer, whatever its type was. No length is
/// beyond four bytes, because no `ByteBuffer` is.
public enum MessagePackWriter {
  public static func null(into output: inout ByteBuffer) { output.writeInteger(0xC0 as UInt8) }

  public static func bool(_ flag: Bool, into output: inout ByteBuffer) {
    output.writeInteger((flag ? 0xC3 : 0xC2) as UInt8)
  }

  public static func unsigned(_ number: UInt64, into output: inout ByteBuffer) {
    switch number {
    case ..<0x80: output.writeInteger(UInt8(truncatingIfNeeded: number))
    case ...0xFF: write(0xCC, UInt8(truncatingIfNeeded: number), into: &output)
    case ...0xFFFF: write(0xCD, UInt16(truncatingIfNeeded: number), into: &output)
    case ...0xFFFF_FFFF: write(0xCE, UInt32(truncatingIfNeeded: number), into: &output)
    default: write(0xCF, number, into: &output)
    }
  }

  public static func integer(_ number: Int64, into output: inout ByteBuffer) {
    switch number {
    case 0...: unsigned(UInt64(number), into: &output)
    case (-0x20)...: output.writeInteger(Int8(truncatingIfNeeded: number))
    case (-0x80)...: write(0xD0, Int8(truncatingIfNeeded: number), into: &output)
    case (-0x8000)...: write(0xD1, Int16(truncatingIfNeeded: number), into: &output)
    case (-0x8000_0000)...: write(0xD2, Int32(truncatingIfNeeded: number), into: &output)
    default: write(0xD3, number, into: &output)
    }
  }

  /// Up to 2⁵³ every whole number is exact.
  public static func number(_ number: Double, into output: inout ByteBuffer) {
    if number.magnitude <= 0x1p53, let whole = Int64(exactly: number) { return integer(whole, into: &output) }
    write(0xCB, number.bitPattern, into: &output)
  }

  public static func string(_ string: String, into output: inout ByteBuffer) {
    stringHead(count: string.utf8.count, into: &output)
    output.writeString(string)
  }

  /// The same for a string that is at hand as UTF-8.
  public static func string(utf8 bytes: RawSpan, into output: inout ByteBuffer) {
    stringHead(count: bytes.byteCount, into: &output)
    output.writeBytes(bytes)
  }

  public static func binary(_ bytes: RawSpan, into output: inout ByteBuffer) {
    head(count: bytes.byteCount, tiny: nil, first: 0xC4, into: &output)
    output.writeBytes(bytes)
  }

  /// So many values must follow.
  public static func arrayHead(count: Int, into output: inout ByteBuffer) {
    head(count: count, tiny: (0x90, 16), first: nil, second: 0xDC, into: &output)
  }

  /// So many pairs of name and value must follow.
  public static func mapHead(count: Int, into output: inout ByteBuffer) {
    head(count: count, tiny: (0x80, 16), first: nil, second: 0xDE, into: &output)
  }

  /// MessagePack specification, Timestamp extension type.
  public static func date(_ date: MessagePackDate, into output: inout ByteBuffer) {
    guard let seconds = UInt64(exactly: date.seconds), seconds < 1 << 34 else {
      write(0xC7, 12 as UInt8, into: &output)
      write(0xFF, date.nanoseconds, into: &output)
      output.writeInteger(date.seconds)
      return
    }
    if date.nanoseconds == 0, seconds < 1 << 32 {
      write(0xD6, 0xFF as UInt8, into: &output)
      output.writeInteger(UInt32(seconds))
    } else {
      write(0xD7, 0xFF as UInt8, into: &output)
      output.writeInteger(UInt64(date.nanoseconds) << 34 | seconds)
    }
  }

  public static func extended(type: Int8, _ bytes: RawSpan, into output: inout ByteBuffer) {
    switch bytes.byteCount {
    case 1, 2, 4, 8, 16:
      output.writeInteger(0xD4 + UInt8(truncatingIfNeeded: bytes.byteCount.trailingZeroBitCount))
    default: head(count: bytes.byteCount, tiny: nil, first: 0xC7, into: &output)
    }
    output.writeInteger(type)
    output.writeBytes(bytes)
  }

  // MARK: Pieces

  private static func stringHead(count: Int, into output: inout ByteBuffer) {
    head(count: count, tiny: (0xA0, 32), first: 0xD9, into: &output)
  }

  /// The shortest of: the count inside the format's byte, in one byte behind it, in two, in four.
  private static func head(
    count: Int, tiny: (format: UInt8, below: Int)?, first: UInt8?, second: UInt8? = nil, into output: inout ByteBuffer
  ) {
    let second = second ?? (first ?? 0) + 1
    if let tiny, count < tiny.below {
      output.writeInteger(tiny.format | UInt8(truncatingIfNeeded: count))
    } else if let first, count <= 0xFF {
      write(first, UInt8(truncatingIfNeeded: count), into: &output)
    } else if count <= 0xFFFF {
      write(second, UInt16(truncatingIfNeeded: count), into: &output)
    } else {
      write(second + 1, UInt32(truncatingIfNeeded: count), into: &output)
    }
  }

  private static func write(_ format: UInt8, _ number: some FixedWidthInteger, into output: inout ByteBuffer) {
    output.writeInteger(format)
    output.writeInteger(number)
  }
}
