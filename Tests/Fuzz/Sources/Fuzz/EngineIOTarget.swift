import BongsuBytes
import BongsuEngineIO
import NIOCore

/// The packets of a polling body are what stands between its separators, up to the first that is none.
@Sendable func fuzzEngineIO(_ input: Input) {
  let body = ByteBuffer(bytes: input.wire)
  var obvious = input.wire.split(separator: 0x1E, omittingEmptySubsequences: false)[...]
  var reader = PayloadReader()
  var copy = ByteBuffer()
  var isWhole = true
  while let packet = reader.next(in: body.readableBytesSpan) {
    guard let expected = obvious.popFirst() else { return require(false, "more packets than there are") }
    isWhole = isWhole && packet != .invalid
    check(packet, input.wire, expected)
    append(packet, of: input.wire, to: &copy)
  }
  require(obvious.isEmpty || !isWhole, "no packet is left over")
  require(!isWhole || input.wire == Array(copy.readableBytesView), "what is read can be written")
}

private func check(_ packet: EnginePacket, _ wire: [UInt8], _ expected: ArraySlice<UInt8>) {
  let alone = EnginePacket(decoding: ByteBuffer(bytes: expected).readableBytesSpan)
  requireEqual(alone == .invalid, packet == .invalid, "the same alone")
  switch packet {
  case .packet(let type, let data):
    requireEqual([type.rawValue] + wire[data], Array(expected), "type and data")
  case .binary(let base64):
    requireEqual([UInt8(ascii: "b")] + wire[base64], Array(expected), "binary")
    let decoded = Base64.decode(ByteBuffer(bytes: wire[base64]).readableBytesSpan)
    require(decoded.readableBytes <= base64.count / 4 * 3 + 3, "base64 never grows")
  case .bytes: require(false, "version 4 has no binary packets in a body")
  case .invalid:
    require(expected.first.map { !(0x30...0x36).contains($0) && $0 != UInt8(ascii: "b") } ?? true, "invalid")
  }
}

private func append(_ packet: EnginePacket, of wire: [UInt8], to body: inout ByteBuffer) {
  switch packet {
  case .packet(let type, let data):
    if data.isEmpty {
      PayloadWriter.append(type, to: &body)
    } else {
      PayloadWriter.append(type, ByteBuffer(bytes: wire[data]).readableBytesSpan, to: &body)
    }
  case .binary(let base64):
    let text = ByteBuffer(bytes: [UInt8(ascii: "b")] + wire[base64])
    PayloadWriter.append(packet: text.readableBytesSpan, to: &body)
  case .bytes, .invalid: break
  }
}
