import NIOCore

@testable import BongsuWebSocket

/// Compressed messages, each behind a byte with its length (255: all that is left): they come out as a naive reading has
/// them, in one frame or in many, cut anywhere, and never beyond the limit. What comes out survives a round trip.
@Sendable func fuzzInflate(_ input: Input) {
  let payloads = messages(input.wire)
  let kind = input.choice & 8 == 0 ? MessageKind.binary : .text
  let keepsContext = input.choice & 16 != 0
  let limits = WebSocketLimits(messageBytes: input.choice & 32 == 0 ? 60_000 : 4_095, fragments: 1 << 16)
  let connection = { Connection(limits, keepsContext) }
  let first = kind == .text ? UInt8(0x41) : 0x42
  let whole = connection().receive(payloads.map { frame(first | 0x80, $0[...]) })
  let wire = Array(payloads.map { frame(first | 0x80, $0[...]) }.joined())
  requireEqual(connection().receive(input.cut(wire[...]).map(Array.init)), whole, "the same at any split")
  let fragments = payloads.flatMap { payload in
    let pieces = payload.isEmpty ? [payload[...]] : input.cut(payload[...])
    return pieces.enumerated().map { index, piece in
      frame((index == 0 ? first : 0) | (index == pieces.count - 1 ? 0x80 : 0), piece)
    }
  }
  requireEqual(connection().receive(fragments), whole, "the same in fragments")
  compare(whole, payloads, kind, limits, keepsContext)
  for case .message(let bytes, let kind) in whole.events { roundTrip(bytes, kind, keepsContext) }
}

private func messages(_ wire: [UInt8]) -> [[UInt8]] {
  var rest = wire[...]
  var messages: [[UInt8]] = []
  while let count = rest.popFirst() {
    messages.append(Array(count == 255 ? rest : rest.prefix(Int(count))))
    rest = count == 255 ? [] : rest.dropFirst(Int(count))
  }
  return messages
}

private func compare(
  _ found: Decoded, _ payloads: [[UInt8]], _ kind: MessageKind, _ limits: WebSocketLimits, _ keepsContext: Bool
) {
  var obvious = ObviousInflate()
  var events = found.events[...]
  for payload in payloads {
    if !keepsContext { obvious = ObviousInflate() }
    guard payload.count <= limits.messageBytes else {
      return requireEqual(found.error, .messageTooLarge, "a large frame's error")
    }
    switch obvious.inflate(payload, limit: limits.messageBytes) {
    case .message(let bytes) where kind == .binary || isText(bytes):
      requireEqual(events.popFirst(), .message(bytes, kind), "a message")
    case .message: return requireEqual(found.error, .invalidText, "the error")
    case .tooLarge(let bytes):
      let isEarly = kind == .text && !mayBecomeText(bytes)
      return require(found.error == .messageTooLarge || isEarly && found.error == .invalidText, "\(found)")
    case .corrupt(let bytes):
      let isEarly = kind == .text && !mayBecomeText(bytes)
      return require(found.error == (isEarly ? .invalidText : .invalidCompression), "\(found), \(bytes)")
    }
  }
  require(events.isEmpty && found.error == nil, "nothing else")
}

/// Whoever compresses what was inflated gets it back.
private func roundTrip(_ message: [UInt8], _ kind: MessageKind, _ keepsContext: Bool) {
  let connection = Connection(WebSocketLimits(messageBytes: 1 << 16, fragments: 1), keepsContext)
  var buffer = ByteBuffer()
  connection.deflate.append(kind == .text ? .text : .binary, ByteBuffer(bytes: message).readableBytesSpan, to: &buffer)
  var payload: [UInt8]?
  ServerFrames.forEach(in: buffer.readableBytesSpan) { _, range in
    payload = bytes(buffer.readableBytesSpan.extracting(range))
  }
  guard let payload else { return require(false, "a frame was written") }
  let first = buffer.readableBytesView.first ?? 0
  requireEqual(connection.receive([frame(first, payload[...])]).events, [.message(message, kind)], "round trip")
}

/// What a decoder has told, and how it ended.
private struct Decoded: Equatable {
  var events: [FrameEvent]
  var error: WebSocketError?
}

private final class Connection {
  let deflate: PerMessageDeflate
  private let limits: WebSocketLimits

  init(_ limits: WebSocketLimits, _ keepsContext: Bool) {
    var settings = DeflateSettings(threshold: 1)
    settings.keepsServerContext = keepsContext
    settings.keepsClientContext = keepsContext
    guard let agreement = DeflateAgreement([ExtensionOffer(name: "permessage-deflate")], settings) else {
      fatalError("an offer without parameters is always accepted")
    }
    deflate = DeflatePool(settings).member(agreement)
    self.limits = limits
  }

  func receive(_ pieces: [[UInt8]]) -> Decoded {
    var decoder = WebSocketDecoder()
    let listener = FrameListener()
    var failure: WebSocketError?
    for piece in pieces {
      var buffer = ByteBuffer(bytes: piece)
      var span = buffer.mutableReadableBytesSpan
      do throws(WebSocketError) {
        try decoder.decode(&span, limits: limits, with: deflate, into: listener)
      } catch {
        require(failure == nil, "after an error nothing more is said")
        failure = error
      }
      require(decoder.holdsInvariants(limits), "the decoder's invariants")
    }
    return Decoded(events: listener.events, error: failure)
  }
}

/// A client's frame with a mask of zeros.
private func frame(_ first: UInt8, _ payload: ArraySlice<UInt8>) -> [UInt8] {
  let count = payload.count
  let length: [UInt8] =
    count < 126 ? [0x80 | UInt8(count)] : [0xFE, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
  require(count < 65_536, "the frame's length fits")
  return [first] + length + [0, 0, 0, 0] + payload
}
