import Testing

@testable import Bongsu

@Suite struct IdentifierTests {
  @Test func theTextIsTwentyCharactersOfBase64URL() {
    let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    for _ in 0..<200 {
      let text = Identifier(loop: 1).description
      #expect(text.count == 20 && alphabet.isSuperset(of: text), "\(text)")
    }
  }

  @Test func theTextNamesTheSameIdentifier() {
    for loop in 0..<256 {
      let identifier = Identifier(loop: loop)
      #expect(identifier.loop == loop)
      #expect(Identifier(identifier.description) == identifier && Identifier(identifier.description)?.loop == loop)
    }
  }

  @Test(arguments: [
    "AAAAAAAAAAAAAAAAAAAA", "____________________", "--------------------", "abcdefghijklmnopqrst",
    "ABCDEFGHIJKLMNOPQRST", "0123456789-_zyxwvuts", "A_______-___________", "__________A_________",
  ])
  func everyTextOfTheAlphabetComesBack(text: String) throws {
    #expect(try #require(Identifier(text)).description == text)
  }

  @Test(arguments: [
    "", "A", "AAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAA+AAAAAAAAA", "AAAAAAAAAA/AAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAA ", "AAAAAAAAAAAAAAAAAAé", "AAAAAAAAAAAAAAAAAA\u{0}A",
  ])
  func anythingElseIsNoIdentifier(text: String) {
    #expect(Identifier(text) == nil)
  }

  @Test func noTwoAreTheSame() {
    #expect(Set((0..<2_000).map { Identifier(loop: $0 % 4) }).count == 2_000)
    #expect(Set((0..<2_000).map { _ in Identifier(loop: 0).description.suffix(2) }).count > 500, "the loop is hidden")
  }
}
