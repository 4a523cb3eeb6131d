import BongsuBytes
import BongsuWebSocket
import NIOCore
import Testing

@testable import Bongsu

@Suite struct PacketLogTests {
  private func time(_ seconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: seconds * 1000) }

  private func log(bytes: Int = .max, count: Int = .max) -> PacketLog {
    PacketLog(key: (1, 2), time: .seconds(10), bytes: bytes, count: count)
  }

  private let message = Message(content: .plain(ByteBuffer(string: "hello"), .text))

  /// Of a client that was there from the beginning and knows everything up to `known`.
  private func missed(_ log: PacketLog, after known: UInt64) -> [UInt64]? {
    var history = SessionHistory(sid: "me", start: 0)
    for position in 0..<log.last { history.sent.add(position + 1, first: 1) }
    history.knows(known)
    guard let start = history.replayStart(first: log.first) else { return nil }
    return log.packets(after: start, maximum: .max)?.map(\.position)
  }

  @Test func packetsAreKeptInTheirOrderFromOneOn() {
    var log = log()
    #expect(log.first == 1 && log.last == 0 && log.expiry == .never)
    for number in 1...3 as ClosedRange<UInt64> {
      #expect(log.append(message, to: Target(), now: time(1)).position == number)
    }
    #expect(missed(log, after: 0) == [1, 2, 3] && missed(log, after: 1) == [2, 3] && missed(log, after: 3) == [])
  }

  @Test func oldPacketsGoAndWhoNeedsThemIsTold() {
    var log = log()
    for second in 1...5 as ClosedRange<Int64> { _ = log.append(message, to: Target(), now: time(second)) }
    #expect(log.expiry == time(11))
    log.trim(now: time(12))
    #expect(log.first == 3 && log.expiry == time(13))
    #expect(missed(log, after: 1) == nil && missed(log, after: 2) == [3, 4, 5])
    log.trim(now: time(15))
    #expect(log.first == 6 && log.last == 5 && log.byteCount == 0)
    #expect(missed(log, after: 4) == nil && missed(log, after: 5) == [])
  }

  @Test func packetsWithoutATimeGetTheNextOne() {
    var log = log()
    _ = log.append(message, to: Target(), now: time(1))
    _ = log.append(message, to: Target(), now: nil)
    _ = log.append(message, to: Target(), now: nil)
    #expect(log.expiry == time(11))
    log.trim(now: time(11))
    #expect(log.first == 2 && log.expiry == time(21))
    log.trim(now: time(21))
    #expect(log.byteCount == 0)
  }

  @Test func theOldestGoWhenThereAreTooManyOrTooMuch() {
    var log = log(count: 3)
    for _ in 0..<5 { _ = log.append(message, to: Target(), now: nil) }
    #expect(log.first == 3)
    let cost = log.byteCount / 3
    #expect(cost > 448)
    log = PacketLog(key: (1, 2), time: .seconds(1), bytes: 2 * cost + 1, count: 9)
    for _ in 0..<5 {
      _ = log.append(message, to: Target(), now: time(0))
      #expect(log.byteCount <= 2 * cost + 1)
    }
    #expect(log.first == 4)
    // One that is too large by itself is not kept at all.
    let large = Message(content: .plain(ByteBuffer(repeating: 0, count: 4096), .binary))
    _ = log.append(large, to: Target(), now: time(0))
    #expect(log.first == 7 && log.last == 6 && log.byteCount == 0)
  }

  @Test func packetsAreReadPieceByPiece() {
    var log = log()
    for _ in 0..<4 { _ = log.append(message, to: Target(), now: time(1)) }
    #expect(log.packets(after: 1, maximum: 2)?.map(\.position) == [2, 3])
    #expect(log.packets(after: 3, maximum: 2)?.map(\.position) == [4])
    #expect(log.packets(after: 4, maximum: 2)?.isEmpty == true && log.packets(after: 5, maximum: 2)?.isEmpty == true)
  }

  @Test func theCostOfAPacketCountsItsNames() {
    let place = PacketOffset(position: 1, signature: 1)
    let few = KeptPacket(message, to: Target(), at: place).byteCount
    let target = Target(rooms: [String(repeating: "r", count: 100)], except: ["e"])
    #expect(KeptPacket(message, to: target, at: place).byteCount == few + 100 + 32 + 1 + 32)
  }
}
