internal import BongsuBytes
internal import BongsuMessagePack
public import NIOCore

/// The number that an acknowledgement answers to, with the semantics of a JavaScript number: leading zeros mean
/// nothing, and beyond 2^53 it is the nearest double. The answer carries the same number, written as JavaScript
/// writes it: `42007[…]` is answered `437[…]`.
public struct AckID: Sendable, Hashable {
  private let number: Double

  /// Exact up to 2^53, which no counter reaches.
  public init(_ id: UInt64) {
    number = Double(id)
  }

  /// A whole number from zero on; nil for any other.
  init?(_ id: Double) {
    guard id >= 0, id.isFinite, id == id.rounded(.down) else { return nil }
    number = id
  }

  /// Reads the digits of `range`; nil if there are none, something else, or so many that JavaScript has infinity.
  init?(digits range: Range<Int>, in text: RawSpan) {
    var offset = range.lowerBound
    while offset < range.upperBound - 1, text.byte(at: offset) == 0x30 { offset += 1 }
    let significant = offset..<range.upperBound
    guard significant.count > 15 else {
      var value: UInt64 = 0
      for offset in significant { value = value * 10 + UInt64(text.byte(at: offset) &- 0x30) }
      number = Double(value)
      return
    }
    // The largest double has 309 digits.
    guard significant.count <= 309, let value = Double(text.string(in: significant)), value.isFinite else {
      return nil
    }
    number = value
  }

  /// The id as an integer if it is exact, as all ids that a server has given out are.
  public var integer: UInt64? {
    number < 0x1p53 ? UInt64(number) : nil
  }

  /// The id as MessagePack.
  func write(packed output: inout ByteBuffer) {
    if let integer {
      MessagePackWriter.unsigned(integer, into: &output)
    } else {
      MessagePackWriter.number(number, into: &output)
    }
  }

  /// Appends the digits.
  public func write(into output: inout ByteBuffer) {
    output.writeWithOutputRawSpan(minimumWritableBytes: digitCount) { append(to: &$0) }
  }

  /// The bytes that `append(to:)` writes.
  var digitCount: Int {
    integer.map { OutputRawSpan.digitCount(of: $0) } ?? JavaScriptNumber.text(number).utf8.count
  }

  func append(to output: inout OutputRawSpan) {
    if let integer {
      output.append(decimal: integer)
    } else {
      for byte in JavaScriptNumber.text(number).utf8 { output.append(byte) }
    }
  }
}

extension AckID: CustomStringConvertible {
  public var description: String {
    if let integer { return String(integer) }
    return JavaScriptNumber.text(number)
  }
}
