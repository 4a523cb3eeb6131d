internal import NIOCore
import NIOConcurrencyHelpers
import Synchronization

/// Which members of one loop have missed messages because they read too slowly, and what is kept for them. Counts are
/// for any thread, everything else for the loop's own.
///
/// A member that keeps up is not in here and costs nothing.
final class SlowReaders: Sendable {
  /// The newest message for a member, encoded.
  enum Message: Sendable {
    case event(EncodedEvent, isCompressed: Bool)
    case frames(ByteBuffer, isCompressed: Bool)
  }

  /// From the first message that was not sent until the member has caught up.
  struct Gap: Sendable {
    var missed = 0
    var latest: Message?
  }

  private struct Record {
    var gap: Gap?
    /// In the gaps before this one.
    var missed = 0
  }

  private let records = NIOLockedValueBox<[ObjectIdentifier: Record]>([:])
  private let all = Atomic<Int>(0)

  /// Nobody here has ever missed anything.
  var isEmpty: Bool { records.withLockedValue { $0.isEmpty } }

  /// How many messages were dropped here, also of members that are gone.
  var missed: Int { all.load(ordering: .relaxed) }

  func isBehind(_ member: Member) -> Bool {
    records.withLockedValue { $0[ObjectIdentifier(member)]?.gap != nil }
  }

  /// How many messages a member has missed.
  func missed(by member: Member) -> Int {
    records.withLockedValue { records in
      guard let record = records[ObjectIdentifier(member)] else { return 0 }
      return record.missed + (record.gap?.missed ?? 0)
    }
  }

  /// A message is not sent to the member.
  func drop(for member: Member) {
    all.add(1, ordering: .relaxed)
    records.withLockedValue { $0[ObjectIdentifier(member), default: Record()].gap.orNew.missed += 1 }
  }

  /// A message waits for the member in place of the one that did before.
  func keep(_ message: Message, for member: Member) {
    let old = records.withLockedValue { records in
      records[ObjectIdentifier(member), default: Record()].gap.orNew.replace(with: message)
    }
    if old != nil { all.add(1, ordering: .relaxed) }
  }

  /// The member has taken what waited for it: ends its gap, if there was one.
  func caughtUp(_ member: Member) -> Gap? {
    records.withLockedValue { records in
      guard let gap = records[ObjectIdentifier(member)]?.gap else { return nil }
      records[ObjectIdentifier(member)] = Record(missed: (records[ObjectIdentifier(member)]?.missed ?? 0) + gap.missed)
      return gap
    }
  }

  /// The member is gone.
  func forget(_ member: Member) {
    records.withLockedValue { records in
      guard !records.isEmpty else { return }
      records[ObjectIdentifier(member)] = nil
      if records.isEmpty { records = [:] }
    }
  }
}

extension SlowReaders.Gap {
  /// Returns the message that will not be sent.
  fileprivate mutating func replace(with message: SlowReaders.Message) -> SlowReaders.Message? {
    let old = latest
    latest = message
    if old != nil { missed += 1 }
    return old
  }
}

extension SlowReaders.Gap? {
  fileprivate var orNew: SlowReaders.Gap {
    get { self ?? SlowReaders.Gap() }
    set { self = newValue }
  }
}
