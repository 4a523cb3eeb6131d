import BongsuBytes
import Testing

@Suite struct SipHashTests {
  /// Of the authors' `vectors.h`: the key is 00 01 … 0f, the message 00 01 … 07.
  @Test func itIsTheAuthorsOwn() {
    let hash = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(hash(0x0706_0504_0302_0100) == 0x93f5_f579_9a93_2462)
  }
}
