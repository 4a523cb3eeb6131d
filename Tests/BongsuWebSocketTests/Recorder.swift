import NIOCore

@testable import BongsuWebSocket

/// Writes down what a decoder tells, and may stop it.
final class Recorder: WebSocketEvents {
  enum Event: Equatable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, String)
  }

  private(set) var events: [Event] = []
  private let stopsAfter: Int

  /// - Parameter stopsAfter: the number of events after which handlers return false.
  init(stopsAfter: Int = .max) {
    self.stopsAfter = stopsAfter
  }

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    note(kind == .text ? .text(string(message)) : .binary(bytes(message)))
  }

  func receivedPing(_ payload: RawSpan) -> Bool { note(.ping(bytes(payload))) }
  func receivedPong(_ payload: RawSpan) -> Bool { note(.pong(bytes(payload))) }
  func receivedClose(code: UInt16?, reason: RawSpan) { _ = note(.close(code, string(reason))) }

  private func note(_ event: Event) -> Bool {
    events.append(event)
    return events.count < stopsAfter
  }

  private func bytes(_ span: RawSpan) -> [UInt8] {
    let octets = Span<UInt8>(_bytes: span)
    return octets.indices.map { octets[$0] }
  }

  private func string(_ span: RawSpan) -> String {
    String(validating: bytes(span), as: UTF8.self) ?? "not UTF-8"
  }
}

/// Everything that became of some bytes.
struct Outcome: Equatable {
  var events: [Recorder.Event] = []
  var error: WebSocketError?
  /// Whether the decoder kept its invariants after every piece.
  var isSound = true
  /// Whether it holds memory at the end.
  var isIdle = true
}

/// Decodes `bytes` in the pieces that `cuts` make, each in a buffer of its own. Goes on after an error, which must not
/// bring anything more.
func outcome(
  _ bytes: [UInt8], cuts: [Int] = [], limits: WebSocketLimits = WebSocketLimits(messageBytes: 100_000, fragments: 10),
  stopsAfter: Int = .max, deflate: PerMessageDeflate? = nil
) -> Outcome {
  var decoder = WebSocketDecoder()
  let recorder = Recorder(stopsAfter: stopsAfter)
  var outcome = Outcome()
  var start = 0
  for end in cuts + [bytes.count] {
    var buffer = ByteBuffer(bytes: bytes[start..<end])
    var span = buffer.mutableReadableBytesSpan
    do throws(WebSocketError) {
      try decoder.decode(&span, limits: limits, with: deflate, into: recorder)
    } catch {
      outcome.isSound = outcome.isSound && outcome.error == nil
      outcome.error = error
    }
    outcome.isSound = outcome.isSound && decoder.holdsInvariants(limits)
    start = end
  }
  outcome.events = recorder.events
  outcome.isIdle = decoder.assembly == nil
  return outcome
}

/// A client's frame, masked with a key of four different bytes. `length` overrides the encoding of the length.
func clientFrame(_ first: UInt8, _ payload: [UInt8], length: [UInt8]? = nil) -> [UInt8] {
  let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
  let count = payload.count
  let shortest: [UInt8] =
    switch count {
    case ...125: [0x80 | UInt8(count)]
    case ...65535: [0xFE, UInt8(count >> 8), UInt8(count & 0xFF)]
    default: [0xFF, 0, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) }
    }
  return [first] + (length ?? shortest) + key + payload.indices.map { payload[$0] ^ key[$0 % 4] }
}
