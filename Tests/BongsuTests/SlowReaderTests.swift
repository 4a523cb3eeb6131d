import BongsuReactor
import NIOCore
import Testing

@testable import Bongsu

@Suite struct SlowReaderTests {
  private typealias Verdict = SlowReaderPolicy.Verdict

  /// The policy, whether the client is behind, stuck and overfull, and what becomes of a message.
  private static let verdicts: [(SlowReaderPolicy, Bool, Bool, Bool, Verdict)] = [
    (.disconnect, false, false, false, .send), (.disconnect, false, true, false, .send),
    (.disconnect, false, true, true, .disconnect),
    (.drop, false, false, false, .send), (.drop, false, true, false, .send), (.drop, false, true, true, .drop),
    (.drop, true, true, false, .drop), (.drop, true, false, false, .drop),
    (.latest, false, false, false, .send), (.latest, false, true, false, .keep), (.latest, false, false, true, .keep),
    (.latest, true, false, false, .keep),
  ]

  @Test func everyPolicyDecidesAsItSays() {
    for (policy, isBehind, isStuck, isOverfull, verdict) in Self.verdicts {
      #expect(policy.verdict(isBehind: isBehind, isStuck: isStuck, isOverfull: isOverfull) == verdict)
      let reporting = policy.reporting("missed")
      #expect(reporting.verdict(isBehind: isBehind, isStuck: isStuck, isOverfull: isOverfull) == verdict)
      #expect(reporting.event == "missed" && policy.event == nil && reporting != policy)
    }
  }

  private func frames(_ text: String) -> SlowReaders.Message { .frames(ByteBuffer(string: text), isCompressed: true) }

  private func text(_ message: SlowReaders.Message?) -> String? {
    guard case .frames(let bytes, _)? = message else { return nil }
    return String(buffer: bytes)
  }

  @Test func droppedMessagesAreCountedByGapByMemberAndInAll() {
    let (readers, one, other) = (SlowReaders(), Member(), Member())
    #expect(readers.isEmpty && readers.caughtUp(one) == nil)
    for _ in 0..<3 { readers.drop(for: one) }
    readers.drop(for: other)
    #expect(readers.isBehind(one) && readers.missed(by: one) == 3 && readers.missed == 4)
    #expect(readers.caughtUp(one)?.missed == 3)
    #expect(!readers.isBehind(one) && readers.caughtUp(one) == nil && readers.isBehind(other))
    readers.drop(for: one)
    #expect(readers.missed(by: one) == 4)
    #expect(readers.caughtUp(one)?.missed == 1)
    readers.forget(one)
    readers.forget(other)
    #expect(readers.isEmpty && readers.missed(by: one) == 0 && readers.missed == 5)
  }

  @Test func theNewestMessageReplacesTheOneBeforeAndOnlyThatIsMissed() {
    let (readers, member) = (SlowReaders(), Member())
    readers.keep(frames("1"), for: member)
    #expect(readers.isBehind(member) && readers.missed == 0)
    readers.keep(frames("2"), for: member)
    readers.keep(frames("3"), for: member)
    let gap = readers.caughtUp(member)
    #expect(gap?.missed == 2 && text(gap?.latest) == "3")
    #expect(readers.missed(by: member) == 2 && readers.missed == 2)
  }

  @Test func aNamespaceHasItsOwnPolicyAndChildrenBeginWithTheirParents() {
    var configuration = Configuration(loops: 1)
    configuration.slowReaders = .drop
    let io = Server(configuration)
    #expect(io.sockets.slowReaders == .drop)
    let prices = io.of("/prices")
    prices.slowReaders = .latest.reporting()
    #expect(prices.slowReaders == .latest.reporting("dropped") && io.sockets.slowReaders == .drop)
    io.of(/^\/price-/).slowReaders = .latest
    #expect(io.of("/price-1").slowReaders == .latest)
  }

  /// A handler that says more in one turn than may wait is no reason to think that its client does not read.
  @Test(arguments: [SlowReaderPolicy.disconnect, .drop, .latest])
  func whatOneTurnBringsIsNotWaiting(policy: SlowReaderPolicy) async throws {
    try await serving {
      $0.limits.queuedBytes = 10_000
      $0.slowReaders = policy
    } _: { io in
      io.on("connection") { socket in
        for number in 0..<200 { socket.emit("news", number, String(repeating: "x", count: 1_000)) }
        for number in 200..<400 { io.emit("news", number, String(repeating: "x", count: 1_000)) }
      }
    } _: { io, port in
      let (visitor, _) = try Visitor.joined(port)
      for number in 0..<400 { #expect(visitor.text?.hasPrefix("42[\"news\",\(number),") == true) }
      #expect(io.droppedMessages == 0)
    }
  }

  /// What a server says by its own timers to a plain WebSocket that does not read is bounded as well.
  @Test func whatARouteSaysToOnePeerFollowsItsPolicy() async throws {
    try await serving {
      $0.limits.queuedBytes = 100_000
    } _: { io in
      io.webSocket("/feed", slowReaders: .drop.reporting("missed")) { peer, _ in
        let feed = UncheckedReference(value: peer)
        peer.connection.loop.submitForLater {
          let line = ByteBuffer(repeating: UInt8(ascii: "x"), count: 10_000)
          for _ in 0..<5_000 { feed.value.send(line.readableBytesSpan, .text) }
        }
      } received: { peer, message, kind in
        peer.send(message, kind)
      }
    } _: { io, port in
      let visitor = try Visitor(port: port)
      #expect(visitor.upgrade("/feed").status == 101)
      for _ in 0..<12_000 where io.droppedMessages == 0 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(io.droppedMessages > 0)
      visitor.send("an answer is sent all the same")
      let lines = Self.lines(visitor, until: 2)
      #expect(lines.contains("an answer is sent all the same"))
      #expect(lines.contains("[\"missed\",\(io.droppedMessages)]"))
    }
  }

  /// The first lines that are neither of the feed nor pings.
  private static func lines(_ visitor: Visitor, until count: Int) -> [String] {
    var lines: [String] = []
    while lines.count < count, let line = visitor.text {
      if !line.isEmpty, !line.hasPrefix("x") { lines.append(line) }
    }
    return lines
  }
}
