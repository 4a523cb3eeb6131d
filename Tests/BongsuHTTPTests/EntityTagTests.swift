import BongsuHTTP
import Testing

@Suite struct EntityTagTests {
  @Test(arguments: [
    ("\"a\"", true), ("W/\"a\"", true), ("*", true), (" * ", true), ("\"b\", \"a\"", true), ("\"b\" ,W/\"a\"", true),
    (",,\"a\",,", true), ("\t\"x,y\",\"a\"", true), ("\"a\" junk", true), ("", false), ("a", false), ("\"b\"", false),
    ("\"A\"", false), ("\"a", false), ("\"b\" \"a\"", false), ("\"b\"x, \"a\"", false), ("w/\"a\"", false),
    ("**", false), ("\"b,\"a\"", false), ("\"\"", false), ("*, \"b\"", false), ("\"aa\"", false),
  ])
  func comparesWeakly(_ value: String, _ matches: Bool) {
    #expect(EntityTag.matches("\"a\"", ifNoneMatch: value) == matches)
    #expect(EntityTag.matches("W/\"a\"", ifNoneMatch: value) == matches)
  }

  @Test func looksAtEveryField() throws {
    let text = "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x\"\r\nIf-None-Match: W/\"y\"\r\n\r\n"
    let head = try parse(text)
    #expect(head.ifNoneMatch(names: "\"x\""))
    #expect(head.ifNoneMatch(names: "\"y\""))
    #expect(!head.ifNoneMatch(names: "\"z\""))
  }
}
