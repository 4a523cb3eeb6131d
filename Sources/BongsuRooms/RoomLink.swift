import Synchronization

/// The link from one node to the next, with the mark that says that the node *holding* the link is being taken out.
struct Link {
  private let word: UInt

  static var end: Link { Link(word: 0) }

  private init(word: UInt) {
    self.word = word
  }

  init(to entry: EntryReference?) {
    word = entry.map(\.address) ?? 0
  }

  var isMarked: Bool { word & 1 != 0 }
  var marked: Link { Link(word: word | 1) }
  var unmarked: Link { Link(word: word & ~1) }
  var target: EntryReference? { EntryReference(address: word & ~1) }
}

extension Link: AtomicRepresentable {
  typealias AtomicRepresentation = UInt.AtomicRepresentation

  static func encodeAtomicRepresentation(_ link: consuming Link) -> AtomicRepresentation {
    UInt.encodeAtomicRepresentation(link.word)
  }

  static func decodeAtomicRepresentation(_ representation: consuming AtomicRepresentation) -> Link {
    Link(word: UInt.decodeAtomicRepresentation(representation))
  }
}
