import NIOCore

@testable import BongsuWebSocket

/// Frames come out the same however they are cut, as a naive reading has them, and never beyond the limits.
@Sendable func fuzzWebSocket(_ input: Input) {
  let limits = WebSocketLimits(messageBytes: input.choice & 8 == 0 ? 1 << 20 : 20, fragments: 4)
  let whole = decode([input.wire[...]], limits)
  requireEqual(decode(input.pieces, limits), whole, "the same at any split")
  requireEqual(decode(input.wire.map { [$0] }, limits), whole, "the same byte by byte")
  let obvious = ObviousFrames(input.wire, limits)
  requireEqual(whole.events, obvious.events, "as a naive reading has it")
  // Text is refused at its first impossible byte, before the frame is complete.
  let isEarly = obvious.error == nil && whole.error == .invalidText
  require(isEarly || whole.error == obvious.error, "\(whole.error as Any) where \(obvious.error as Any) was expected")
  for case .message(let bytes, let kind) in whole.events {
    require(bytes.count <= limits.messageBytes, "a message has at most the bytes allowed")
    require(kind == .binary || isText(bytes), "a text is a text")
  }
  roundTrip(input.wire)
}

/// What a decoder has told, and how it ended.
private struct Decoded: Equatable {
  var events: [FrameEvent]
  var error: WebSocketError?
}

private func decode(_ pieces: [ArraySlice<UInt8>], _ limits: WebSocketLimits) -> Decoded {
  var decoder = WebSocketDecoder()
  let listener = FrameListener()
  var failure: WebSocketError?
  for piece in pieces {
    var buffer = ByteBuffer(bytes: piece)
    var span = buffer.mutableReadableBytesSpan
    do throws(WebSocketError) {
      try decoder.decode(&span, limits: limits, into: listener)
    } catch {
      require(failure == nil, "after an error nothing more is said")
      require(WebSocketCloseCode.isPermitted(error.closeCode), "an error can be told")
      failure = error
    }
    require(decoder.holdsInvariants(limits), "the decoder's invariants")
  }
  return Decoded(events: listener.events, error: failure)
}

/// What a server writes, a client could have written but for the mask.
private func roundTrip(_ payload: [UInt8]) {
  var frame = Array(WebSocketEncoder.frame(.binary, ByteBuffer(bytes: payload).readableBytesSpan).readableBytesView)
  let header = WebSocketEncoder.headerCount(payload: payload.count)
  requireEqual(frame.count, header + payload.count, "a frame's size is known beforehand")
  frame[1] |= 0x80
  frame.insert(contentsOf: [0, 0, 0, 0], at: header)
  let limits = WebSocketLimits(messageBytes: .max, fragments: 1)
  requireEqual(decode([frame[...]], limits).events, [.message(payload, .binary)], "round trip")
}
