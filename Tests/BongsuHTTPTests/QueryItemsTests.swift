import BongsuHTTP
import NIOCore
import Testing

@Suite struct QueryItemsTests {
  @Test(
    arguments: [
      ("", []), ("&&&", []), ("a=1", ["a", "1"]), ("a", ["a", ""]), ("a=", ["a", ""]), ("=a", ["", "a"]),
      ("=", ["", ""]), ("a=b=c", ["a", "b=c"]), ("a=1&b=2", ["a", "1", "b", "2"]),
      ("&a=1&&a=2&", ["a", "1", "a", "2"]), ("a+b=c+d", ["a b", "c d"]), ("a=%2B%26%3d", ["a", "+&="]),
      ("%61=%EB%B4%89", ["a", "\u{BD09}"]), ("a=%", ["a", "%"]), ("a=%4", ["a", "%4"]), ("a=%zz%4g", ["a", "%zz%4g"]),
      ("a=%%41", ["a", "%A"]), ("a=%FF%41", ["a", "\u{FFFD}A"]), ("a=%00", ["a", "\0"]), ("a?=;b", ["a?", ";b"]),
      ("a=%E2%82", ["a", "\u{FFFD}"]),
    ] as [(String, [String])])
  func readsQueriesAsBrowsersWriteThem(_ query: String, _ items: [String]) {
    #expect(QueryItems(query).flatMap { [$0.name, $0.value] } == items)
  }

  @Test func givesTheLastOfRepeatedNames() {
    let items = QueryItems("a=1&b=x&%61=2&aa=3&A=4")
    #expect(items["a"] == "2")
    #expect(items["b"] == "x")
    #expect(items["aa"] == "3")
    #expect(items["A"] == "4")
    #expect(items["c"] == nil)
    #expect(items[""] == nil)
    #expect(QueryItems("a=1&a")["a"] == "")
    #expect(QueryItems("+=1")[" "] == "1")
  }

  @Test func readsABufferWhereverItBegins() {
    var buffer = ByteBuffer(string: "xx&a=1")
    buffer.moveReaderIndex(forwardBy: 3)
    #expect(QueryItems(buffer)["a"] == "1")
    #expect(QueryItems(buffer)["xx"] == nil)
  }

  @Test(arguments: [
    ("/a b", "/a b"), ("a+b", "a+b"), ("%EB%B4%89", "\u{BD09}"), ("%2F%", "/%"), ("%ff", "\u{FFFD}"), ("", ""),
  ])
  func decodesPaths(_ text: String, _ decoded: String) {
    #expect(PercentEncoding.decode(text) == decoded)
    #expect(PercentEncoding.decode("x\(text)".dropFirst()) == decoded)
  }

  @Test func readsSeparatorsInLinearTime() {
    for text in ["&", "=", "%", "a&", "%4", "a=&"] {
      let query = String(repeating: text, count: 65_536 / text.utf8.count)
      let started = ContinuousClock.now
      #expect(QueryItems(query)["nothing"] == nil)
      for item in QueryItems(query) { #expect(item.name.utf8.count <= 65_536) }
      #expect(ContinuousClock.now - started < .seconds(5))
    }
  }
}
