import BongsuHTTP
import NIOCore
import Testing

/// Parses a text that holds at least one whole head.
func parse(_ text: String, limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
  try parse(Array(text.utf8), limits: limits)
}

func parse(_ bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
  var parser = RequestParser(limits: limits)
  var input = ByteBuffer(bytes: bytes)
  return try #require(try parser.parse(&input))
}

/// The error that a request is refused with, which must be the same however the bytes are cut.
func refusal(
  of bytes: [UInt8], limits: HTTPLimits = HTTPLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> HTTPError? {
  let whole = refusal(of: bytes, cutAt: [], limits: limits)
  for cut in 0...min(bytes.count, 300) where refusal(of: bytes, cutAt: [cut], limits: limits) != whole {
    Issue.record("cut at \(cut) the outcome is another", sourceLocation: sourceLocation)
  }
  let bytewise = refusal(of: bytes, cutAt: Array(0..<bytes.count), limits: limits)
  #expect(bytewise == whole, "byte by byte the outcome is another", sourceLocation: sourceLocation)
  return whole
}

func refusal(of text: String, sourceLocation: SourceLocation = #_sourceLocation) -> HTTPError? {
  refusal(of: Array(text.utf8), sourceLocation: sourceLocation)
}

private func refusal(of bytes: [UInt8], cutAt cuts: [Int], limits: HTTPLimits) -> HTTPError? {
  var parser = RequestParser(limits: limits)
  var input = ByteBuffer()
  var start = 0
  do {
    for cut in cuts + [bytes.count] {
      input.writeBytes(bytes[start..<cut])
      start = cut
      if try parser.parse(&input) != nil { return nil }
    }
    return nil
  } catch {
    return error
  }
}

/// All that a head says, to be compared as one.
struct Summary: Equatable {
  var method: HTTPMethod
  var minorVersion: Int
  var target: String
  var path: String
  var query: String
  var framing: BodyFraming
  var flags: [Bool]
  var fields: [String]
  var bytes: ByteBuffer

  init(_ head: RequestHead) {
    method = head.method
    minorVersion = head.minorVersion
    target = head.target
    path = head.path
    query = head.query
    framing = head.framing
    flags = [head.keepsAlive, head.expectsContinue, head.wantsUpgrade]
    fields = head.fields.flatMap { [$0.name, $0.value] }
    bytes = head.bytes
  }
}

/// A small generator, so that a failing run can be repeated from its seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
