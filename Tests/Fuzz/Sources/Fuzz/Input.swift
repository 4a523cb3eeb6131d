/// What the fuzzer gives: two bytes of choices, then the bytes for the wire.
///
/// The first byte's low bits say how long the pieces are that the wire is cut into, the second is the seed of their
/// lengths. Seeds for the corpus begin with two printable characters, such as `A0`.
struct Input {
  /// A byte of choices for the target's own use; its low three bits are the lengths'.
  let choice: UInt8
  let wire: [UInt8]
  private let seed: UInt8

  init(_ bytes: [UInt8]) {
    choice = bytes.first ?? 0
    seed = bytes.dropFirst().first ?? 0
    wire = Array(bytes.dropFirst(2))
  }

  /// The wire in pieces, none of them empty.
  var pieces: [ArraySlice<UInt8>] { cut(wire[...]) }

  /// Other bytes in such pieces.
  func cut(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let longest = 1 << (choice & 7)
    var state = UInt64(seed)
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes
    while !rest.isEmpty {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let piece = rest.prefix(1 + Int(state >> 33) % longest)
      pieces.append(piece)
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}
