/// RFC 1951 bit by bit, for messages as RFC 7692 §7.2.2 cuts them: the tail that every message ends with is put back.
struct ObviousInflate {
  /// What has been written since the last stream began; later messages refer to it.
  private var history: [UInt8] = []
  private var bits: [UInt8] = []
  private var place = 0
  private var output: [UInt8] = []
  private var limit = 0

  private enum Failure: Error {
    case corrupt, tooLarge
  }

  enum Outcome: Equatable {
    case message([UInt8])
    /// It is no deflate data, and this came before that was plain.
    case corrupt([UInt8])
    case tooLarge([UInt8])
  }

  /// The message that was compressed to `payload`; it ends one byte beyond the limit at the latest.
  mutating func inflate(_ payload: [UInt8], limit: Int) -> Outcome {
    guard !payload.isEmpty else { return .message([]) }
    (output, place, self.limit) = ([], 0, limit)
    bits = (payload + [0x00, 0x00, 0xFF, 0xFF]).flatMap { byte in (0..<8).map { byte >> $0 & 1 } }
    do throws(Failure) {
      try blocks(payloadEnd: payload.count * 8)
      return .message(output)
    } catch {
      return error == .tooLarge ? .tooLarge(output) : .corrupt(output)
    }
  }

  /// Blocks to the end of the tail, which is one that is empty; or to the end of the payload, if that is the end of a
  /// stream (§7.2.3.4).
  private mutating func blocks(payloadEnd: Int) throws(Failure) {
    while place < bits.count {
      let isFinal = try take(1) == 1
      let kind = try take(2)
      let isTail = kind == 0 && !isFinal && (place + 7) / 8 * 8 == payloadEnd
      switch kind {
      case 0: try stored()
      case 1: try compressed(Self.fixedLengths, Array(repeating: 5, count: 30))
      case 2: try dynamic()
      default: throw .corrupt
      }
      // Whatever else needs the tail was cut by its sender.
      guard place <= payloadEnd || isTail else { throw .corrupt }
      guard isFinal else { continue }
      // Its rest of a byte means nothing.
      place = (place + 7) / 8 * 8
      history = []
      if place == payloadEnd { return }
    }
  }

  private mutating func take(_ count: Int) throws(Failure) -> Int {
    guard place + count <= bits.count else { throw .corrupt }
    defer { place += count }
    return (0..<count).reduce(0) { $0 | Int(bits[place + $1]) << $1 }
  }

  private mutating func write(_ byte: UInt8) throws(Failure) {
    output.append(byte)
    history.append(byte)
    guard output.count <= limit else { throw .tooLarge }
  }

  private mutating func stored() throws(Failure) {
    place = (place + 7) / 8 * 8
    let count = try take(16)
    guard try take(16) == count ^ 0xFFFF else { throw .corrupt }
    for _ in 0..<count { try write(UInt8(try take(8))) }
  }

  private mutating func compressed(_ lengths: [Int], _ distances: [Int]) throws(Failure) {
    let (symbols, places) = (Code(lengths), Code(distances))
    while true {
      let symbol = try read(symbols)
      if symbol < 256 {
        try write(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        guard symbol < 286 else { throw .corrupt }
        let (base, extra) = symbol == 285 ? (258, 0) : Self.range(symbol - 257, step: 4, first: 3)
        let length = base + (try take(extra))
        let code = try read(places)
        guard code < 30 else { throw .corrupt }
        let (start, more) = Self.range(code, step: 2, first: 1)
        let distance = start + (try take(more))
        guard distance <= min(history.count, 32_768) else { throw .corrupt }
        for _ in 0..<length { try write(history[history.count - distance]) }
      }
    }
  }

  /// The tables of §3.2.5: after the first, every `step` codes have one more extra bit.
  private static func range(_ code: Int, step: Int, first: Int) -> (base: Int, extra: Int) {
    guard code >= 2 * step else { return (first + code, 0) }
    let extra = code / step - 1
    return (first + (step + code % step) << extra, extra)
  }

  private static let fixedLengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }

  private mutating func dynamic() throws(Failure) {
    let (symbols, places, count) = (257 + (try take(5)), 1 + (try take(5)), 4 + (try take(4)))
    guard symbols <= 286, places <= 30 else { throw .corrupt }
    var lengths = Array(repeating: 0, count: 19)
    for index in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(count) {
      lengths[index] = try take(3)
    }
    let code = Code(lengths)
    guard code.isComplete else { throw .corrupt }
    var all: [Int] = []
    while all.count < symbols + places {
      switch try read(code) {
      case 16:
        guard let last = all.last else { throw .corrupt }
        all += Array(repeating: last, count: 3 + (try take(2)))
      case 17: all += Array(repeating: 0, count: 3 + (try take(3)))
      case 18: all += Array(repeating: 0, count: 11 + (try take(7)))
      case let length: all.append(length)
      }
    }
    guard all.count == symbols + places, all[256] != 0 else { throw .corrupt }
    let (first, second) = (Array(all.prefix(symbols)), Array(all.dropFirst(symbols)))
    guard Code(first).mayBeUsed, Code(second).mayBeUsed else { throw .corrupt }
    try compressed(first, second)
  }

  private mutating func read(_ code: Code) throws(Failure) -> Int {
    var word = 0
    for length in 1...15 {
      word = word << 1 | (try take(1))
      if let symbol = code.symbols[Code.Word(length: length, bits: word)] { return symbol }
    }
    throw .corrupt
  }
}

/// A Huffman code by the lengths of its words (§3.2.2).
private struct Code {
  struct Word: Hashable {
    let length: Int
    let bits: Int
  }

  private(set) var symbols: [Word: Int] = [:]
  /// How many words of 15 bits are left; below zero: there are too many words.
  private var left = 1 << 15
  private let longest: Int

  init(_ lengths: [Int]) {
    longest = lengths.max() ?? 0
    var next = 0
    for length in 1...15 {
      next <<= 1
      for (symbol, _) in lengths.enumerated().filter({ $0.element == length }) {
        symbols[Word(length: length, bits: next)] = symbol
        next += 1
        left -= 1 << (15 - length)
      }
    }
  }

  var isComplete: Bool { left == 0 }
  /// zlib takes two codes that leave something over: none at all, and one word of one bit.
  var mayBeUsed: Bool { isComplete || longest == 0 || left > 0 && longest == 1 }
}
