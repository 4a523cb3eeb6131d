/// A frame header that was cut by the end of a read, kept until its other bytes come.
struct PartialHeader {
  /// One less than the longest header: that one is not partial.
  private var bytes = [13 of UInt8](repeating: 0)
  private var count: UInt8 = 0

  var isEmpty: Bool { count == 0 }

  /// Takes one more byte.
  ///
  /// - Returns: the header, when this byte was its last; the next one then starts anew.
  mutating func append(_ byte: UInt8, mayCompress: Bool) throws(WebSocketError) -> FrameHeader? {
    var header = [14 of UInt8](repeating: 0)
    let known = Int(count)
    for index in 0..<known { header[index] = bytes[index] }
    header[known] = byte
    if let whole = try FrameHeader(header.span.extracting(first: known + 1), at: 0, mayCompress: mayCompress) {
      count = 0
      return whole
    }
    // A header of 14 bytes is complete, so there is room for one more.
    bytes[known] = byte
    count += 1
    return nil
  }
}
