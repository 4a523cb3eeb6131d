import BongsuHTTP
import BongsuSession
import BongsuSocketIO
import Testing

@testable import Bongsu

@Suite struct LimitsTests {
  @Test func whatOneConnectionMayHoldAddsUp() {
    var limits = Limits()
    limits.headBytes = 1_000
    limits.messageBytes = 100
    limits.attachments = 3
    limits.queuedBytes = 20
    limits.reservedBytes = 3
    // The head, a message with its three attachments and the fourth arriving, what waits and one message more, one that
    // is kept, and what is never dropped.
    #expect(limits.bytesPerConnection == 1_000 + 5 * 100 + 20 + 4 * 100 + 4 * 100 + 3)
    #expect(Limits().bytesPerConnection == 16_384 + 34 * 1_000_000 + (9 << 20))
  }

  /// In a process of its own: an overflow would be its end.
  @Test func theSumStopsAtTheLargestNumber() async {
    await #expect(processExitsWith: .success) {
      for path: WritableKeyPath<Limits, Int> in [
        \.headBytes, \.messageBytes, \.attachments, \.queuedBytes, \.reservedBytes,
      ] {
        var limits = Limits()
        limits[keyPath: path] = .max
        #expect(limits.bytesPerConnection == .max)
      }
    }
  }

  @Test func theLayersBelowAreGivenTheirs() {
    var limits = Limits()
    (limits.headBytes, limits.headerCount, limits.targetBytes) = (1, 2, 3)
    (limits.attachments, limits.namespacesPerConnection, limits.jsonDepth) = (4, 5, 6)
    #expect(limits.http == HTTPLimits(headBytes: 1, headerCount: 2, targetBytes: 3))
    #expect(limits.socketIO.attachments == 4 && limits.socketIO.namespaces == 5 && limits.socketIO.json.depth == 6)
  }

  @Test func durationsAreWholeMilliseconds() {
    #expect(Duration.seconds(25).wholeMilliseconds == 25_000 && Duration.milliseconds(1).wholeMilliseconds == 1)
    #expect(Duration.microseconds(1_999).wholeMilliseconds == 1 && Duration.zero.wholeMilliseconds == 0)
  }
}
