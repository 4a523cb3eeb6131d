/// Which loops have members of which room: the one thing about rooms that loops share.
///
/// A broadcast asks it once and then pushes one message to each of those loops. Lock-free: no call waits for another
/// loop, in whatever order the operating system runs them.
///
/// ## The rules for callers
///
/// Only loop threads call it, and loop `n` is always the same thread. A loop calls `join` when its own room stops
/// being empty, `leave` when it becomes empty, and `quiesce` at the end of each turn, before it blocks in poll.
///
/// ## Why it is correct
///
/// **The shape.** One singly linked list of all rooms ordered by hash, with signposts to start a walk at (a
/// split-ordered list: growing adds signposts and moves nothing, so readers never notice; `Signposts`). An entry's
/// life: *open* (a non-empty set of loops) → *closed* (the empty set) → *marked* (its own link is frozen) →
/// *unlinked* → *freed*. No step is ever undone.
///
/// **Closing is final.** `leave` clears the loop's bit with a fetch-and; whoever makes the set empty has closed the
/// entry. `join` sets its bit by compare-and-swap from a non-empty set only, so 0 never becomes anything else, all 64
/// loops can be used, and no empty entry exists that is not closed. A bit is written by the calls of its own loop
/// alone, so `loops(of:)` is right about each loop at some moment during the call, and always about the caller.
///
/// **One entry for each key.** A join that meets a closed entry marks it and walks again; a walk takes marked entries
/// out by moving the previous link past them, which fails if that link is marked or has changed. A new entry goes
/// behind all entries of the same hash, by a compare-and-swap on the last link that the walk read. Had another loop put
/// the same key in since, this link would lead to it, or to something before it, and the swap fails. If the link has
/// changed and changed back, all that stood there meanwhile is gone again: an address cannot come back as another
/// entry, since nothing that a pinned loop has read is freed, and an unlinked entry never returns.
///
/// **Readers see what happened before.** Links and sets are written with release and read with acquire. If a join
/// happens before a call of `loops(of:)` (the client was told, and told another client), the walk finds its entry. It
/// could pass by only on the frozen link of an unlinked entry that once stood before that place. But whoever put the
/// new entry in, or opened the signpost from which it walked, had read the link that no longer led to the old one:
/// that unlinking happens before the join, so before the walk, and no link in the list leads the walk there. Nor does
/// another unlinked entry's frozen link: walks take out what is marked from front to back, so that one was unlinked
/// even earlier. Hence readers need not look at marks, and they write nothing.
///
/// **Signposts** are opened by one loop each, the winner of a claim. The losers walk from an older signpost
/// further left: longer, but nobody waits. They are never taken out. `open` is a release after the linking, so a walk
/// from an open signpost sees at least the list that it was put into. The depth is only a hint: any value of it leads
/// to a correct walk, and so it may be relaxed.
///
/// **Memory.** A loop holds references to entries only between its first call in a turn and `quiesce`, and inside one
/// call at that. An entry is retired by the loop whose swap unlinked it, and is freed when no loop can be pinned that
/// was before the unlinking (`Quiescence` has the argument). A blocked loop is quiet and delays nothing. So what waits
/// is at most what loops have retired during the longest turn under way, and what the last turn of a sleeping
/// loop left behind, which it frees at the end of its next one. Signposts stay until the table goes: at
/// most 40 bytes for each room of the largest number there has been.
public final class RoomTable: Sendable {
  /// The loops of a set are the bits of one word.
  public static let maximumLoops = 64

  private let core: RoomTableCore<NoSteps>

  /// An empty table for the loops `0..<loops`; at most `maximumLoops`.
  public init(loops: Int) {
    core = RoomTableCore(loops: loops, steps: NoSteps())
  }

  /// Notes that the loop has members of the room now. Nothing happens when that is known already.
  ///
  /// - Returns: Whether this made the room: no loop had members of it.
  @discardableResult
  public func join(_ key: RoomKey, loop: Int) -> Bool {
    core.join(key, loop: loop)
  }

  /// Notes that the loop has no member of the room any more. Nothing happens when that is known already.
  ///
  /// - Returns: Whether the room is gone because of this: no loop has members of it.
  @discardableResult
  public func leave(_ key: RoomKey, loop: Int) -> Bool {
    core.leave(key, loop: loop)
  }

  /// The loops that have members of the room, possibly the asking one too; none when the room does not exist.
  ///
  /// - Parameter loop: The loop that asks, which is pinned until it calls `quiesce`.
  public func loops(of key: RoomKey, loop: Int) -> LoopSet {
    core.loops(of: key, loop: loop)
  }

  /// Ends a turn: the loop is about to block or to start its next turn. Frees what has become free.
  ///
  /// When the loop has not called the table since the last time, this costs a look at memory of its own.
  public func quiesce(loop: Int) {
    core.quiesce(loop: loop)
  }
}

extension RoomTable {
  /// How much a table holds. The numbers are exact while no loop is at work on it.
  public struct Census: Equatable, Sendable {
    /// Rooms in the table.
    public var live: Int

    /// Rooms that are gone but whose memory still waits for loops to end their turns.
    public var retired: Int

    /// Places in the list that walks start from.
    public var signposts: Int
  }

  public var census: Census { core.census }
}
