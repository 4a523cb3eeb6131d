internal import BongsuBytes
internal import BongsuReactor
internal import BongsuRooms
internal import NIOCore

/// One loop's part of a namespace's ``Recovery``: delivers what is published in the log's order, whoever publishes.
final class Feed: TimerTarget {
  let recovery: Recovery
  private unowned let local: LocalNamespace
  /// The timer may be the last to know of this when its namespace is gone.
  private let loop: Loop
  private var arrivals: CircularBuffer<Recovery.Item> = []
  private var isAtWork = false
  /// Everything up to here has been delivered to its members on this loop.
  private(set) var done: UInt64 = 0
  /// The delivery of everything up to here has at least begun.
  private(set) var begun: UInt64 = 0
  /// The oldest position that is kept, or an older one.
  private(set) var first: UInt64 = 1

  init(_ recovery: Recovery, of local: LocalNamespace) {
    self.recovery = recovery
    self.local = local
    loop = local.hub.loop
  }

  // MARK: Publishing

  /// Appends a message to the log and delivers it here, behind everything that was appended before. In the middle of
  /// another delivery it has to wait for that one's end.
  func publish(_ message: Message, to target: Target, loops: () -> LoopSet) {
    let here = loop.index
    let (packet, found, woken) = recovery.append(message, to: target, here: here, now: loop.now, loops: loops)
    for loop in found.removing(here) {
      let other = local.adapter.hubs.list[loop]
      other.load.add(packet.byteCount)
      if woken.contains(loop) { local.adapter.wake(other) }
      if other.load.isTooHigh { local.hub.congestion.holdReader() }
    }
    catchUp()
  }

  // MARK: Delivering

  private static var itemsPerTurn: Int { 256 }

  /// The loop was woken. Very much of it waits for a later turn.
  func work() {
    for _ in 0..<Self.itemsPerTurn {
      guard !isAtWork else { return }
      if arrivals.isEmpty, !fetch() { return }
      isAtWork = true
      if let item = arrivals.popFirst() { carryOut(item) }
      isAtWork = false
    }
    let adapter = local.adapter
    let here = HubReference(local.hub)
    loop.submitForLater { adapter.local(on: here.value).feed?.work() }
  }

  /// Delivers everything that has been appended until now: whoever comes afterwards has been sent nothing up to
  /// ``done``, and whoever goes has been sent all of it. Inside a delivery or a call, that are those before it.
  func catchUp() {
    guard !isAtWork else { return }
    isAtWork = true
    repeat {
      while let item = arrivals.popFirst() { carryOut(item) }
    } while fetch()
    isAtWork = false
  }

  /// False when nothing has come.
  private func fetch() -> Bool {
    let taken = recovery.take(loop.index, now: loop.now)
    first = taken.first
    if taken.mustTend { deadlineReached(loop.now) }
    guard !taken.items.isEmpty else {
      (done, begun) = (taken.last, taken.last)
      return false
    }
    arrivals.append(contentsOf: taken.items)
    return true
  }

  private func carryOut(_ item: Recovery.Item) {
    switch item {
    case .call(let call): call(local)
    case .packet(let packet, let target, let isFromElsewhere):
      if isFromElsewhere { local.hub.load.remove(packet.byteCount) }
      begun = packet.position
      local.deliver(Delivery(packet, first: first, of: local.adapter, on: local.hub), to: target)
      done = packet.position
    }
  }

  /// Completes what a client has missed that is in its rooms on this loop and has been sent nothing by it; false when
  /// something of it was dropped.
  func complete(_ replay: inout Replay) -> Bool {
    guard !isAtWork else { return false }
    while true {
      catchUp()
      switch recovery.readToEnd(&replay, on: loop.index) {
      case .isComplete: return true
      case .isLost: return false
      case .goesOn: continue
      }
    }
  }

  // MARK: Time

  /// One loop looks after what expires: this one if no other does.
  func lookAfter() {
    if recovery.mustBeTended() { deadlineReached(loop.now) }
  }

  func deadlineReached(_ now: MonotonicTime) {
    if let next = recovery.tend(now: now) { _ = loop.schedule(self, at: next) }
  }
}
