/// Reads back what `WebSocketEncoder` has written: whole frames without a mask, uncompressed.
enum ServerFrames {
  /// Calls `body` with each frame's opcode and with where its payload stands. Ends early at what is no such frame.
  static func forEach(in frames: RawSpan, _ body: (Opcode, Range<Int>) -> Void) {
    let bytes = Span<UInt8>(_bytes: frames)
    var start = 0
    while bytes.count - start >= 2, let opcode = Opcode(rawValue: bytes[start] & 0x0F) {
      let short = Int(bytes[start + 1])
      let header = short < 126 ? 2 : short == 126 ? 4 : 10
      guard bytes.count - start >= header else { return }
      var count = short < 126 ? short : 0
      for index in start + 2..<start + header { count = count << 8 | Int(bytes[index]) }
      guard count >= 0, count <= bytes.count - start - header else { return }
      body(opcode, start + header..<start + header + count)
      start += header + count
    }
  }
}
