import Testing

@testable import BongsuWebSocket

@Suite struct DeflateNegotiationTests {
  /// What a client offers, and the answer of a server that shares its compressors.
  static let shared: [(String, String?)] = [
    ("permessage-deflate", ""),
    ("permessage-deflate; client_max_window_bits", ""),
    ("permessage-deflate; client_max_window_bits=15", ""),
    ("permessage-deflate; client_max_window_bits=10", "; client_max_window_bits=10"),
    ("permessage-deflate; client_max_window_bits=\"8\"", "; client_max_window_bits=8"),
    ("permessage-deflate; server_max_window_bits=10", "; server_max_window_bits=10"),
    ("permessage-deflate; server_max_window_bits=\"9\"", "; server_max_window_bits=9"),
    ("permessage-deflate; server_max_window_bits=8", "; server_max_window_bits=8"),
    ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=15"),
    ("permessage-deflate; server_no_context_takeover; client_no_context_takeover", ""),
    ("x-webkit-deflate-frame, permessage-deflate", ""),
    ("permessage-deflate; server_max_window_bits=10, permessage-deflate", "; server_max_window_bits=10"),
    ("permessage-deflate; server_max_window_bits=16, permessage-deflate", ""),
    ("permessage-deflate; tomorrow, permessage-deflate; server_max_window_bits=12", "; server_max_window_bits=12"),
  ]

  @Test(arguments: shared)
  func aServerThatSharesCompressorsForbidsContexts(offer: String, answer: String?) throws {
    let field = try agree([offer])?.field
    #expect(
      field == answer.map { "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + $0 })
  }

  static let dedicated: [(String, Int, Int, String)] = [
    ("permessage-deflate", 15, 15, ""),
    ("permessage-deflate; client_max_window_bits", 15, 15, ""),
    ("permessage-deflate; server_no_context_takeover", 15, 15, "; server_no_context_takeover"),
    ("permessage-deflate; client_no_context_takeover", 15, 15, "; client_no_context_takeover"),
    ("permessage-deflate", 12, 15, "; server_max_window_bits=12"),
    ("permessage-deflate; server_max_window_bits=13", 12, 15, "; server_max_window_bits=12"),
    ("permessage-deflate; server_max_window_bits=11", 12, 15, "; server_max_window_bits=11"),
    ("permessage-deflate; client_max_window_bits", 15, 11, "; client_max_window_bits=11"),
    ("permessage-deflate; client_max_window_bits=10", 15, 11, "; client_max_window_bits=10"),
    ("permessage-deflate; client_max_window_bits=14", 15, 11, "; client_max_window_bits=11"),
    ("permessage-deflate", 15, 11, "; client_no_context_takeover"),
    (
      "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9; server_no_context_takeover", 15, 15,
      "; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9"
    ),
  ]

  @Test(arguments: dedicated)
  func aServerThatKeepsContextsLimitsWhatTheyTake(offer: String, server: Int, client: Int, answer: String) throws {
    let settings = DeflateSettings(serverWindowBits: server, clientWindowBits: client).keepingContexts()
    #expect(try agree([offer], settings)?.field == "permessage-deflate" + answer)
  }

  @Test(arguments: [
    "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover=1",
    "permessage-deflate; client_no_context_takeover=true", "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=010", "permessage-deflate; client_max_window_bits=+9",
    "permessage-deflate; client_max_window_bits=99999999999999999999", "permessage-deflate; client_max_window_bits=0x9",
    "permessage-deflate; client_max_window_bits=9; client_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; client_max_window_bits; client_max_window_bits=12",
    "permessage-deflate; Server_No_Context_Takeover",
    "Permessage-Deflate", "permessage-deflate2", "x-webkit-deflate-frame", "foo; server_max_window_bits=10",
  ])
  func declinesWhatIsWrongOrUnknownAndGoesOnWithout(offer: String) throws {
    #expect(try agree([offer]) == nil)
    #expect(try agree([offer, "permessage-deflate; client_max_window_bits=9"])?.clientWindowBits == 9)
  }

  @Test func malformedFieldsFailTheHandshakeOnlyWhereTheyAreRead() throws {
    #expect(throws: WebSocketHandshakeError.extensions) { try agree(["permessage-deflate; a="]) }
    #expect(throws: WebSocketHandshakeError.extensions) { try agree(["permessage-deflate", "a b"]) }
    #expect(try agree(["permessage-deflate; a="], nil) == nil)
    #expect(try agree([]) == nil)
    #expect(WebSocketHandshakeError.extensions.status == 400)
    #expect(WebSocketHandshakeError.extensions.reason.contains("Sec-WebSocket-Extensions"))
  }

  @Test func settingsOutOfRangeBecomePossibleOnes() {
    let low = DeflateSettings(threshold: -1, level: 0, memoryLevel: 0, serverWindowBits: 8, clientWindowBits: .min)
    let high = DeflateSettings(level: 10, memoryLevel: .max, serverWindowBits: 16, clientWindowBits: 99)
    #expect(low == DeflateSettings(threshold: 1, level: 1, memoryLevel: 1, serverWindowBits: 9, clientWindowBits: 9))
    #expect(high == DeflateSettings(level: 9, memoryLevel: 9, serverWindowBits: 15, clientWindowBits: 15))
  }

  @Test func memoryIsCountedForWhatAConnectionHasOfItsOwn() {
    #expect(DeflateSettings().bytesPerConnection == 0)
    #expect(DeflateSettings().keepingContexts().bytesPerConnection == 304 << 10)
    let small = DeflateSettings(memoryLevel: 5, serverWindowBits: 12, clientWindowBits: 12)
    #expect(small.keepingContexts().bytesPerConnection == 52 << 10)
  }
}
