import Synchronization

/// A handler that was added, to remove it again.
public struct EventListener: Hashable, Sendable {
  private static let next = Atomic<UInt64>(0)

  private let id: UInt64

  init() { id = Self.next.add(1, ordering: .relaxed).oldValue }
}
