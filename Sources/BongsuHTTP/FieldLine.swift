/// One `name: value` line of a head (RFC 9112 §5); the value without the white space around it.
struct FieldLine: Sendable {
  let name: ByteRange
  let value: ByteRange

  init(_ bytes: Span<UInt8>, start: Int, colon: Int, end: Int) {
    name = ByteRange(start..<colon)
    value = ByteRange(bytes.trimmed(colon + 1..<end))
  }
}
