import Foundation
import NIOCore
import Testing

@Suite struct JSONComparisonTests {
  /// Every text over the structure's bytes, over a number's and over a string's.
  @Test(arguments: [("[]{}\",:1 ", 4), ("-01.e+,", 5), ("\"\\u0a\n", 6)])
  func agreesWithTheGrammarOnEverySmallText(alphabet: String, maximum: Int) {
    let alphabet = Array(alphabet.utf8)
    for count in 0...maximum {
      var digits = [Int](repeating: 0, count: count)
      repeat {
        let bytes = digits.map { alphabet[$0] }
        guard isJSON(ByteBuffer(bytes: bytes)) == ObviousJSON.accepts(bytes) else {
          Issue.record("\(String(decoding: bytes, as: UTF8.self))")
          return
        }
      } while advance(&digits, below: alphabet.count)
    }
  }

  private static let documents = [
    #"{"to":["a","b"],"except":"c","self":true,"volatile":false}"#,
    #"["chat",{"from":"봉수","text":"a \"quoted\" line\n","at":1.5e+12,"tags":[null,-0,[]]},{}]"#,
    #"{"a":{"b":{"c":[1,2,{"d":"\u00e9\\\/"}]}},"":0.25}"#,
    #"  [ 1 , -2.5E-3 , "x" , true , false , null ]  "#,
  ]

  /// Bytes that make a difference somewhere; no zero, which Foundation takes for a sign of UTF-16.
  private static let bytes = Array("[]{}\",:\\/0123456789.-+eEtrufalsn \n\t\u{1}x".utf8)

  private func mutate(_ document: [UInt8], with generator: inout SeededGenerator) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      let byte = Self.bytes.randomElement(using: &generator) ?? 0x20
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes[index] = byte
      case 1: bytes.insert(byte, at: index)
      case 2 where bytes.count > 1: bytes.remove(at: index)
      default: bytes.swapAt(index, Int.random(in: 0..<bytes.count, using: &generator))
      }
    }
    return bytes
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func agreesWithTheGrammarOnDamagedDocuments(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2500 {
      let document = Array(Self.documents.randomElement(using: &generator)!.utf8)
      let bytes = mutate(document, with: &generator)
      guard isJSON(ByteBuffer(bytes: bytes)) == ObviousJSON.accepts(bytes) else {
        Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        return
      }
    }
  }

  @Test(arguments: [11, 12] as [UInt64])
  func agreesWithFoundationOnDamagedDocuments(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<2500 {
      let document = Array(Self.documents.randomElement(using: &generator)!.utf8)
      let bytes = mutate(document, with: &generator)
      let foundation = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      if foundation != nil { accepted += 1 }
      guard isJSON(ByteBuffer(bytes: bytes)) != (foundation != nil) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      guard isKnownDifference(text) else {
        Issue.record("seed \(seed), Foundation says \(foundation != nil): \(text)")
        return
      }
    }
    #expect(accepted > 250)
  }

  /// Foundation lets a comma stand before a closing bracket, and refuses half surrogate pairs, broken UTF-8 (which
  /// cannot get this far) and numbers out of its range, which JSON.parse does not.
  private func isKnownDifference(_ text: String) -> Bool {
    text.contains(/,\s*[\]}]/) || text.contains("\\u") || text.contains("\u{FFFD}")
      || text.contains(/[eE][+-]?[0-9]{3,}/) || text.contains(/[0-9]{18,}/)
  }
}
