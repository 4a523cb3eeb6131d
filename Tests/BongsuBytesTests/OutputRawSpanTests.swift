import BongsuBytes
import NIOCore
import Testing

@Suite struct OutputRawSpanTests {
  @Test func appendsBytesBehindWhatIsThere() {
    let source = ByteBuffer(string: "fire")
    let empty = ByteBuffer()
    var buffer = ByteBuffer(string: "beacon")
    buffer.writeWithOutputRawSpan(minimumWritableBytes: 5) { output in
      output.append(UInt8(ascii: " "))
      output.append(contentsOf: source.readableBytesSpan)
      output.append(contentsOf: empty.readableBytesSpan)
    }
    #expect(buffer == ByteBuffer(string: "beacon fire"))
  }
}
