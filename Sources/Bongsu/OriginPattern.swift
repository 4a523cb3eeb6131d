/// An origin in which a `*` stands for letters, digits and hyphens, at least one: never for a dot, a slash or a colon,
/// so that `https://*.example.com` is no other host's.
struct OriginPattern: Sendable {
  /// What stands before, between and behind the stars.
  private let pieces: [[UInt8]]

  init(_ pattern: String) {
    pieces = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map { Array($0) }
  }

  /// Whether the whole of `origin` is of this form. Each star takes as much as it can: what a literal piece begins with
  /// behind a star is a character that no star takes, or the pattern is compared from the end on.
  func matches(_ origin: String) -> Bool { Self.matches(Array(origin.utf8)[...], pieces[...]) }

  private static func matches(_ text: ArraySlice<UInt8>, _ pieces: ArraySlice<[UInt8]>) -> Bool {
    guard let piece = pieces.first, text.starts(with: piece) else { return false }
    let rest = text.dropFirst(piece.count)
    let further = pieces.dropFirst()
    guard let next = further.first else { return rest.isEmpty }
    let run = rest.prefix(while: isOfALabel).count
    guard run > 0 else { return false }
    // What begins with no label's character can only stand where the run ends.
    if further.count > 1 || next.first.map({ !isOfALabel($0) }) ?? true {
      return matches(rest.dropFirst(run), further)
    }
    return (1...run).contains { matches(rest.dropFirst($0), further) }
  }

  private static func isOfALabel(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
  }
}
