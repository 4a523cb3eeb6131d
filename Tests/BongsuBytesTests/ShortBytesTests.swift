import BongsuBytes
import NIOCore
import Testing

@Suite struct ShortBytesTests {
  @Test func takesNumbersHighestByteFirst() {
    var bytes = ShortBytes()
    #expect(bytes.count == 0)
    bytes.append(0x81 as UInt8)
    bytes.append(0x0203 as UInt16)
    bytes.append(0x0405_0607_0809_0A0B as UInt64)
    bytes.append(0x0C0D_0E0F as UInt32)
    bytes.append(0x10 as UInt8)
    #expect(written(bytes) == [0x81, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
    #expect(bytes.count == ShortBytes.capacity)
  }

  @Test func standsBehindWhatIsThere() {
    var bytes = ShortBytes()
    bytes.append(0x4142 as UInt16)
    var buffer = ByteBuffer(string: "x")
    buffer.writeWithOutputRawSpan(minimumWritableBytes: 5) { output in
      output.append(bytes)
      output.append(ShortBytes())
      output.append(bytes)
    }
    #expect(buffer == ByteBuffer(string: "xABAB"))
  }

  /// With room for a whole number behind it, and without.
  @Test(arguments: 2...20) func takesNoMorePlaceThanItHas(room: Int) {
    var bytes = ShortBytes()
    bytes.append(0x4142 as UInt16)
    unsafe withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { memory in
      var output = unsafe OutputRawSpan(buffer: memory, initializedCount: 0)
      output.append(bytes)
      let count = unsafe output.finalize(for: memory)
      #expect(unsafe Array(memory.prefix(count)) == [0x41, 0x42])
    }
  }

  private func written(_ bytes: ShortBytes) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.writeWithOutputRawSpan(minimumWritableBytes: ShortBytes.capacity) { $0.append(bytes) }
    return Array(buffer.readableBytesView)
  }
}
