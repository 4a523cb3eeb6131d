import BongsuSocketIO
import NIOCore
import Testing

@Suite struct PackedPacketEncoderTests {
  private func written(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
    var output = ByteBuffer()
    write(&output)
    return output.bytes
  }

  @Test func controlPacketsAreMaps() {
    #expect(
      written { PackedPacketEncoder.connect(sid: "abc", namespace: "/", into: &$0) }
        == hex("83 a474797065 00 a464617461 81 a3736964 a3616263 a36e7370 a12f").bytes)
    #expect(
      written { PackedPacketEncoder.connect(sid: "a", pid: "b", namespace: "/x", into: &$0) }
        == hex("83 a474797065 00 a464617461 82 a3736964 a161 a3706964 a162 a36e7370 a22f78").bytes)
    #expect(
      written { PackedPacketEncoder.connectError(message: "no", namespace: "/", into: &$0) }
        == hex("83 a474797065 04 a464617461 81 a76d657373616765 a26e6f a36e7370 a12f").bytes)
    #expect(
      written { PackedPacketEncoder.connectError(message: "no", data: hex("07"), namespace: "/", into: &$0) }
        == hex("83 a474797065 04 a464617461 82 a76d657373616765 a26e6f a464617461 07 a36e7370 a12f").bytes)
    #expect(
      written { PackedPacketEncoder.disconnect(namespace: "/a", into: &$0) }
        == hex("82 a474797065 01 a36e7370 a22f61").bytes)
  }

  @Test func eventsAndAcknowledgementsCarryTheirElements() {
    var output = ByteBuffer(string: "before")
    let elements = hex("a2686907")
    let range = PackedPacketEncoder.message(
      .event, elements: elements.readableBytesSpan, count: 2, namespace: "/", ackID: nil, into: &output)
    #expect(output.bytes.dropFirst(6) == hex("83 a474797065 02 a464617461 92 a26869 07 a36e7370 a12f").bytes[...])
    #expect(Array(output.bytes.dropFirst(6)[range.shifted(by: 6)]) == elements.bytes)
    #expect(
      written {
        PackedPacketEncoder.message(
          .ack, elements: RawSpan(), count: 0, namespace: "/a", ackID: AckID(300), into: &$0)
      } == hex("84 a474797065 03 a464617461 90 a36e7370 a22f61 a26964 cd012c").bytes)
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
