/// The table's list: ordered, with lock-free insertion and removal, and the signposts that lead into it.
///
/// Every function here must be called by a pinned loop.
struct RoomList<Steps: RoomTableSteps>: ~Copyable {
  let steps: Steps
  let signposts = Signposts()
  let quiescence: Quiescence

  /// Where a walk stopped: a node, what its link led to, and the node looked for if that is what comes next.
  struct Place {
    let previous: EntryReference
    let link: Link
    let match: EntryReference?
  }

  init(steps: Steps, loops: Int) {
    self.steps = steps
    quiescence = Quiescence(loops: loops)
    // The first signpost is the head of the list.
    signposts.signpost(at: 0).open()
  }

  deinit {
    var next = signposts.signpost(at: 0).next.target
    while let entry = next {
      next = entry.next.target
      if !entry.isSignpost { entry.destroy() }
    }
  }

  /// Walks to the entry of a key, or to the place where it belongs, which is behind all entries of the same order.
  ///
  /// Takes marked entries out on the way, so `previous` was in the list when its link was read.
  func locate(_ order: UInt64, _ key: RoomKey?, by loop: Int) -> Place {
    let start = signpost(for: order, by: loop)
    restart: while true {
      var previous = start
      var link = previous.next
      while let entry = link.target {
        steps.willTake(.walking)
        let next = entry.next
        if next.isMarked {
          steps.willTake(.unlinking)
          guard previous.replaceNext(link, with: next.unmarked) else { continue restart }
          quiescence.countUnlinked(by: loop)
          quiescence.retire(entry, by: loop)
          link = next.unmarked
          continue
        }
        if entry.order > order { break }
        if entry.order == order, let key, entry.matches(key) {
          return Place(previous: previous, link: link, match: entry)
        }
        previous = entry
        link = next
      }
      return Place(previous: previous, link: link, match: nil)
    }
  }

  /// The entry of a key, without changing anything on the way: a marked entry leads on like any other.
  func find(_ order: UInt64, _ key: RoomKey, by loop: Int) -> EntryReference? {
    var next = signpost(for: order, by: loop).next.target
    while let entry = next, entry.order <= order {
      if entry.order == order, entry.matches(key) { return entry }
      steps.willTake(.walking)
      next = entry.next.target
    }
    return nil
  }

  /// Links an entry in at a place; false when the list has changed there meanwhile.
  func link(_ entry: EntryReference, at place: Place) -> Bool {
    entry.prepareNext(place.link)
    steps.willTake(.linking)
    return place.previous.replaceNext(place.link, with: Link(to: entry))
  }

  /// The nearest open signpost at or before a hash, opening the one that should serve it if nobody has yet.
  func signpost(for hash: UInt64, by loop: Int) -> EntryReference {
    var position = signposts.position(for: hash)
    while true {
      let signpost = signposts.signpost(at: position)
      if signpost.isOpen { return signpost }
      steps.willTake(.claimingSignpost)
      if signpost.claim() {
        open(signpost, at: position, by: loop)
        return signpost
      }
      // Another loop is about to open it. Nobody waits: an older signpost further left serves as well.
      position &= position &- 1
    }
  }

  /// `locate` finds the signpost claimed and starts from an older one, whose position has one bit less set: where that
  /// has to be opened as well, this recurs, at most `maximumDepth` deep.
  private func open(_ signpost: EntryReference, at position: UInt64, by loop: Int) {
    while true {
      let place = locate(position, nil, by: loop)
      if link(signpost, at: place) { break }
    }
    steps.willTake(.openingSignpost)
    signpost.open()
  }
}
