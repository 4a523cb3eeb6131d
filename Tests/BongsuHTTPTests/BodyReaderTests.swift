import BongsuHTTP
import NIOCore
import Testing

/// Reads a body from pieces. Nil: more would be needed.
func readBody(
  _ framing: BodyFraming, limit: Int = 1_000, pieces: [ArraySlice<UInt8>]
) throws -> (String, rest: String)? {
  var reader = try BodyReader(framing, limit: limit)
  var input = ByteBuffer()
  var body: ByteBuffer?
  for piece in pieces {
    input.writeBytes(piece)
    guard body == nil else { continue }
    body = try reader.read(&input)
    if body == nil { #expect(input.readableBytes == 0) }
  }
  return body.map { (String(buffer: $0), String(buffer: input)) }
}

@Suite struct BodyReaderTests {
  @Test func hasNothingToReadWithoutABody() throws {
    for framing in [BodyFraming.none, .length(0)] {
      let result = try #require(try readBody(framing, limit: 0, pieces: [[]]))
      #expect(result == ("", ""))
      #expect(try #require(try readBody(framing, pieces: [Array("GET".utf8)[...]])) == ("", "GET"))
    }
  }

  @Test func readsALengthAtEverySplit() throws {
    let wire = Array("Hello, worldGET".utf8)
    for first in 0...wire.count {
      for second in first...wire.count {
        let pieces = [wire[..<first], wire[first..<second], wire[second...]]
        #expect(try #require(try readBody(.length(12), pieces: pieces)) == ("Hello, world", "GET"))
      }
    }
  }

  @Test func refusesALengthOverTheLimitAtOnce() throws {
    #expect(throws: HTTPError.bodyTooLarge) { try BodyReader(.length(11), limit: 10) }
    #expect(throws: HTTPError.bodyTooLarge) { try BodyReader(.length(.max), limit: 10) }
    #expect(throws: HTTPError.bodyTooLarge) { try BodyReader(.length(1), limit: -1) }
    #expect(try readBody(.length(10), limit: 10, pieces: [Array("0123456789".utf8)[...]]) != nil)
  }

  @Test(arguments: [(BodyFraming.length(5), ""), (.chunked, "5\r\n")])
  func handsAWholeBodyOnWithoutACopy(_ framing: BodyFraming, _ prefix: String) throws {
    var reader = try BodyReader(framing, limit: 10)
    var input = ByteBuffer(string: prefix + "Hello\r\n0\r\n\r\n" + String(repeating: "x", count: 10_000))
    let body = try #require(try reader.read(&input))
    #expect(String(buffer: body) == "Hello")
    #expect(body.storageCapacity > 10_000)
  }

  @Test(arguments: [(BodyFraming.length(6), "Hello"), (.chunked, "5\r\nHello\r\n0\r\n")])
  func copiesWhatHasToWait(_ framing: BodyFraming, _ start: String) throws {
    var reader = try BodyReader(framing, limit: 10)
    var input = ByteBuffer(string: start)
    input.reserveCapacity(100_000)
    #expect(try reader.read(&input) == nil)
    input.clear()
    input.writeString(framing == .chunked ? "\r\n" : "!")
    let body = try #require(try reader.read(&input))
    #expect(String(buffer: body).hasPrefix("Hello"))
    #expect(body.storageCapacity < 1_000)
  }

  @Test func readsManyPiecesInLinearTime() throws {
    var reader = try BodyReader(.length(1_000_000), limit: 1_000_000)
    let started = ContinuousClock.now
    var body: ByteBuffer?
    for _ in 0..<10_000 {
      var input = ByteBuffer(repeating: 0x61, count: 100)
      body = try reader.read(&input)
    }
    #expect(body?.readableBytes == 1_000_000)
    #expect(ContinuousClock.now - started < .seconds(5))
  }
}
