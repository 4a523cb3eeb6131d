/// The automaton of RFC 3629 §4: what may follow what in UTF-8.
///
/// A state is a multiple of six, and a byte's row holds at that bit the six bits of the state that comes next. As `&>>`
/// looks at the lowest six bits of its right side only, the shifted row is the next state as it stands, with rubbish
/// above that the next shift ignores: `next = rows[byte] &>> state`.
enum UTF8Automaton {
  /// Zero, so that whatever a row does not mention fails, and stays so.
  static var failed: UInt64 { 0 }
  /// Between characters.
  static var accepting: UInt64 { 6 }
  /// One, two, three continuation bytes 80…BF are missing.
  private static var one: UInt64 { 12 }
  private static var two: UInt64 { 18 }
  private static var three: UInt64 { 24 }
  /// After these the next byte's range is narrower: it excludes overlong forms, surrogates and what is over U+10FFFF.
  private static var afterE0: UInt64 { 30 }
  private static var afterED: UInt64 { 36 }
  private static var afterF0: UInt64 { 42 }
  private static var afterF4: UInt64 { 48 }

  /// A line for every sixteen bytes. As a literal of constants it needs no initialisation at run time, which every look
  /// at it would have to ask for.
  static let rows: InlineArray<256, UInt64> = [
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc, asc,
    c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80, c80,
    c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90, c90,
    cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0,
    cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0, cA0,
    bad, bad, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2,
    ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2, ld2,
    lE0, ld3, ld3, ld3, ld3, ld3, ld3, ld3, ld3, ld3, ld3, ld3, ld3, lED, ld3, ld3,
    lF0, ld4, ld4, ld4, lF4, bad, bad, bad, bad, bad, bad, bad, bad, bad, bad, bad,
  ]

  private static var bad: UInt64 { 0 }
  private static var asc: UInt64 { accepting << accepting }
  /// The continuation bytes in three ranges.
  private static var c80: UInt64 { anyContinuation | one << afterED | two << afterF4 }
  private static var c90: UInt64 { anyContinuation | one << afterED | two << afterF0 }
  private static var cA0: UInt64 { anyContinuation | one << afterE0 | two << afterF0 }
  private static var anyContinuation: UInt64 { accepting << one | one << two | two << three }
  /// The first bytes of sequences of two, three and four.
  private static var ld2: UInt64 { one << accepting }
  private static var lE0: UInt64 { afterE0 << accepting }
  private static var lED: UInt64 { afterED << accepting }
  private static var ld3: UInt64 { two << accepting }
  private static var lF0: UInt64 { afterF0 << accepting }
  private static var lF4: UInt64 { afterF4 << accepting }
  private static var ld4: UInt64 { three << accepting }
}
