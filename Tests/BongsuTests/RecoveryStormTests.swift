import BongsuBytes
import BongsuWebSocket
import Foundation
import NIOCore
import Testing

@testable import Bongsu

/// A thousand clients whose connections break at random while ten thousand messages are sent, by a clock of the test's
/// own: the production code of log, sessions and histories, and next to it lists of what each client must have heard.
@Suite struct RecoveryStormTests {
  private struct Client {
    enum State {
      case connected
      /// Cut off, and the server believes that it is there until then.
      case unnoticed(until: Int64)
      case noticed
    }

    var state = State.connected
    var pid: String
    var history: SessionHistory
    var rooms: Set<String> = []
    /// The place of the last message that it has processed; nil when there was none.
    var offset: String?
    /// When it will be back.
    var back: Int64 = 0
    /// Numbers of the messages that it has processed in this session, and of all that were for it.
    var heard: [Int] = []
    var due: [Int] = []
  }

  private struct Outcome: Sendable {
    var recovered = 0
    var refused = 0
    var missed = 0
    var lostOnTheWay = 0
    /// Clients that have heard something else than what was for them.
    var wrong = 0
  }

  fileprivate static let rooms = (0..<20).map { "room \($0)" }

  /// Runs a storm of 100 seconds and more; every message goes to all, a room, two rooms without a third, or one client.
  private struct Storm {
    var random: Seeded
    var log: PacketLog
    var saved: SavedSessions
    var clients: [Client] = []
    var outcome = Outcome()
    var sessions = 0
    var inRooms: [String: Set<Int>] = [:]
    var bySid: [String: Int] = [:]
    let everyone: Set<Int>

    init(seed: UInt64, clients count: Int, bytes: Int, time: Int64) {
      random = Seeded(seed)
      everyone = Set(0..<count)
      log = PacketLog(key: (9, seed), time: .seconds(time + 45), bytes: bytes, count: .max)
      saved = SavedSessions(time: .seconds(time), bytes: .max, count: .max)
      for index in 0..<count { clients.append(newcomer(index)) }
    }

    private mutating func newcomer(_ index: Int) -> Client {
      sessions += 1
      bySid["sid \(sessions)"] = index
      let history = SessionHistory(sid: "sid \(sessions)", start: log.last)
      return Client(pid: "pid \(sessions)", history: history)
    }

    mutating func run() {
      for number in 0..<10_000 {
        let now = Int64(number) * 10
        publish(number, now)
        disturb(clients.indices.randomElement(using: &random)!, now)
        // Each is looked at ten times a second.
        for index in stride(from: number % 10, to: clients.count, by: 10) { advance(index, now) }
      }
      for now in stride(from: 100_000 as Int64, to: 250_000, by: 1_000) {
        for index in clients.indices { advance(index, now) }
      }
      for client in clients { check(client) }
    }

    private mutating func target() -> Target {
      let rooms = RecoveryStormTests.rooms
      switch Int.random(in: 0..<40, using: &random) {
      case 0: return Target()
      case 1: return Target(except: [clients.randomElement(using: &random)!.history.sid, rooms[3]])
      case 2..<5: return Target(rooms: [rooms[0], rooms[1]], except: [rooms[2]])
      case 5..<30: return Target(rooms: [rooms.randomElement(using: &random)!])
      default: return Target(rooms: [clients.randomElement(using: &random)!.history.sid])
      }
    }

    private mutating func publish(_ number: Int, _ now: Int64) {
      let target = self.target()
      let message = Message(content: .plain(ByteBuffer(string: "\(number)"), .text))
      let packet = log.append(message, to: target, now: MonotonicTime(milliseconds: now))
      for index in recipients(of: target) {
        clients[index].due.append(number)
        switch clients[index].state {
        case .connected:
          clients[index].history.sent.add(packet.position, first: log.first)
          process([packet], index)
        case .unnoticed:
          clients[index].history.sent.add(packet.position, first: log.first)
          outcome.lostOnTheWay += 1
        case .noticed: break
        }
      }
    }

    /// By the rooms as they are now.
    private func recipients(of target: Target) -> Set<Int> {
      let members = { (name: String) -> Set<Int> in bySid[name].map { [$0] } ?? inRooms[name] ?? [] }
      var meant = target.rooms.first.map(members) ?? everyone
      for room in target.rooms.dropFirst() { meant.formUnion(members(room)) }
      for room in target.except { meant.subtract(members(room)) }
      return meant
    }

    private mutating func process(_ packets: [KeptPacket], _ index: Int) {
      for packet in packets {
        clients[index].heard.append(Int(packet.position) - 1)
        clients[index].offset = packet.offset
      }
    }

    /// A client goes into a room or out of it, or loses its connection.
    private mutating func disturb(_ index: Int, _ now: Int64) {
      if case .noticed = clients[index].state { return }
      let room = RecoveryStormTests.rooms.randomElement(using: &random)!
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<7:
        clients[index].rooms.insert(room)
        inRooms[room, default: []].insert(index)
        clients[index].history.joined(room, at: log.last)
      case 7..<10:
        clients[index].rooms.remove(room)
        inRooms[room]?.remove(index)
        clients[index].history.left(room, at: log.last, limit: 256)
      default:
        guard case .connected = clients[index].state else { return }
        clients[index].back = now + .random(in: 0...100_000, using: &random)
        clients[index].state = .unnoticed(until: now + .random(in: 0...45_000, using: &random))
      }
    }

    private mutating func advance(_ index: Int, _ now: Int64) {
      let back = clients[index].back
      // Who is back before its loss is noticed makes it noticed.
      if case .unnoticed(let time) = clients[index].state, now >= min(time, back) {
        clients[index].history.end = log.last
        clients[index].state = .noticed
        let client = clients[index]
        let session = SavedSession(
          sid: client.history.sid, pid: client.pid, rooms: Array(client.rooms), data: SocketData(),
          history: client.history)
        saved.save(session, now: MonotonicTime(milliseconds: now))
      }
      if case .noticed = clients[index].state, now >= back { comeBack(index, now) }
    }

    private mutating func comeBack(_ index: Int, _ now: Int64) {
      log.trim(now: MonotonicTime(milliseconds: now))
      let offset = clients[index].offset
      if let session = saved.take(clients[index].pid, now: MonotonicTime(milliseconds: now)),
        var history = session.history
      {
        // Through its text, as over the wire.
        if let place = offset.flatMap({ log.position(of: $0) }) { history.knows(place) }
        if let missed = missed(by: history) {
          for packet in missed { history.sent.add(packet.position, first: log.first) }
          clients[index].history = history
          clients[index].state = .connected
          process(missed, index)
          outcome.recovered += 1
          outcome.missed += missed.count
          return check(clients[index])
        }
      }
      outcome.refused += 1
      let old = clients[index]
      // What it was told up to its loss was right all the same.
      if !old.due.starts(with: old.heard) { outcome.wrong += 1 }
      for room in old.rooms { inRooms[room]?.remove(index) }
      bySid[old.history.sid] = nil
      clients[index] = newcomer(index)
      // It keeps the offset, as the official client does.
      clients[index].offset = offset
    }

    private func missed(by history: SessionHistory) -> [KeptPacket]? {
      guard let start = history.replayStart(first: log.first) else { return nil }
      var replay = Replay(history)
      while let reading = Replay.Reading(log, after: replay.position ?? start) {
        replay.add(reading)
        if reading.isLast { break }
      }
      return replay.packets
    }

    private mutating func check(_ client: Client) { if client.heard != client.due { outcome.wrong += 1 } }

    /// Storms take seconds, and tasks of other tests shall not wait for them.
    static func outcome(seed: UInt64, clients: Int, bytes: Int = .max, time: Int64) async -> Outcome {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          var storm = Storm(seed: seed, clients: clients, bytes: bytes, time: time)
          storm.run()
          continuation.resume(returning: storm.outcome)
        }
      }
    }
  }

  @Test func whoIsRecoveredHasHeardEverythingOnceAndInOrder() async {
    let outcome = await Storm.outcome(seed: 1, clients: 1_000, time: 120)
    // Within the time everybody comes back.
    #expect(outcome.wrong == 0 && outcome.refused == 0 && outcome.recovered > 900, "\(outcome)")
    #expect(outcome.missed > 50_000 && outcome.lostOnTheWay > 10_000, "\(outcome)")
  }

  @Test func whoIsNotRecoveredIsToldSo() async {
    let late = await Storm.outcome(seed: 4, clients: 200, time: 30)
    #expect(late.wrong == 0 && late.refused > 50 && late.recovered > 50, "\(late)")
    let small = await Storm.outcome(seed: 5, clients: 200, bytes: 500_000, time: 120)
    #expect(small.wrong == 0 && small.refused > 50 && small.recovered > 50, "\(small)")
  }
}
