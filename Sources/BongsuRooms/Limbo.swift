/// A queue of retired entries with the epoch in which each was retired.
struct Limbo {
  private var entries: [(entry: EntryReference, epoch: UInt64)] = []
  private var head = 0

  /// How long the queue gets before a loop that does not end its turn looks for entries to free.
  private(set) var threshold = Limbo.patience

  private static let patience = 256

  var isEmpty: Bool { head == entries.count }

  var count: Int { entries.count - head }

  /// The epoch of the entry that waits longest.
  var oldest: UInt64? { isEmpty ? nil : entries[head].epoch }

  mutating func append(_ entry: EntryReference, epoch: UInt64) {
    entries.append((entry, epoch))
  }

  /// Frees every entry that was retired in `epoch` or before; returns how many.
  mutating func free(through epoch: UInt64) -> Int {
    let first = head
    while head < entries.count, entries[head].epoch <= epoch {
      entries[head].entry.destroy()
      head += 1
    }
    let freed = head - first
    if isEmpty {
      entries.removeAll(keepingCapacity: entries.capacity <= 2 * Limbo.patience)
      head = 0
    } else if head > entries.count / 2 {
      entries.removeFirst(head)
      head = 0
    }
    // What is left waits for another loop: asking again for every new entry would be quadratic.
    threshold = max(Limbo.patience, 2 * count)
    return freed
  }
}
