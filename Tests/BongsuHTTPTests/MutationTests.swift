import BongsuHTTP
import Testing

@Suite struct MutationTests {
  /// Bytes that mean something to a parser, to come often.
  private static let hostile: [UInt8] = Array("\0\t\n\r %,:;?09f\u{7F}\u{E9}".utf8)

  private func mutated(_ text: String, _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
      let index = bytes.indices.randomElement(using: &generator) ?? 0
      let byte = Self.hostile.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[index] = byte
      case 1: bytes.insert(byte, at: index)
      case 2: bytes.remove(at: index)
      default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
      }
    }
    return bytes
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func judgesDamagedHeadsTheSameAtEverySplit(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let bytes = mutated(validRequests.randomElement(using: &generator) ?? "", &generator)
    _ = refusal(of: bytes)
    _ = refusal(of: bytes, limits: HTTPLimits(headBytes: 60, headerCount: 2, targetBytes: 10))
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func judgesDamagedBodiesTheSameAtEverySplit(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let bytes = mutated(ChunkedBodyTests.documents.randomElement(using: &generator)?.0 ?? "", &generator)
    func outcome(_ pieces: [ArraySlice<UInt8>]) -> String {
      do {
        return try readBody(.chunked, limit: 20, pieces: pieces).map { "\($0)" } ?? "more"
      } catch {
        return "\(error)"
      }
    }
    let whole = outcome([bytes[...]])
    for cut in 0...bytes.count { #expect(outcome([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)") }
    #expect(outcome(bytes.indices.map { bytes[$0...$0] }) == whole)
  }
}
