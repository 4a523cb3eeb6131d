/// A frame header that was cut by the end of a read, kept until its other bytes come.
struct PartialHeader {
  private var bytes = [14 of UInt8](repeating: 0)
  private var count: UInt8 = 0

  var isEmpty: Bool { count == 0 }

  /// Takes one more byte.
  ///
  /// - Returns: the header, when this byte was its last; the next one then starts anew.
  mutating func append(_ byte: UInt8) throws(WebSocketError) -> FrameHeader? {
    // A header of 14 bytes is complete, so there is room for one more whenever the last call returned nil.
    bytes[Int(count)] = byte
    count += 1
    let header = try FrameHeader(bytes.span.extracting(first: Int(count)), at: 0)
    if header != nil { count = 0 }
    return header
  }
}
