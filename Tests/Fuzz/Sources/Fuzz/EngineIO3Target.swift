import BongsuBytes
import BongsuEngineIO
import NIOCore

/// A body of Engine.IO 3 is the packets whose lengths it gives. The lowest bit that the pieces' lengths leave of the
/// choice says whether it is bytes or text.
@Sendable func fuzzEngineIO3(_ input: Input) {
  let isBinary = input.choice & 8 != 0
  let body = ByteBuffer(bytes: input.wire)
  guard isBinary || UTF8Validator.isValid(body.readableBytesSpan) else { return }
  var reader = PayloadReader(isBinary ? .binary : .counted)
  var obvious = isBinary ? obviousBinary(input.wire) : obviousCounted(input.wire)
  var count = 0
  while let packet = reader.next(in: body.readableBytesSpan) {
    count += 1
    require(count <= input.wire.count + 1, "a packet has bytes")
    guard !obvious.isEmpty else { return require(false, "more packets than there are") }
    requireEqual(obvious.removeFirst(), shape(packet, input.wire), "the packet")
  }
  require(obvious.isEmpty, "no packet is left over")
}

/// A packet in words, bytes as numbers; nil when it is none.
private func shape(_ packet: EnginePacket, _ wire: [UInt8]) -> String? {
  switch packet {
  case .packet(let type, let data): "\(type) \(wire[data])"
  case .binary(let base64): "base64 \(wire[base64])"
  case .bytes(let bytes): "bytes \(wire[bytes])"
  case .invalid: nil
  }
}

/// The same, said plainly: packets up to the first that is none.
private func obviousCounted(_ wire: [UInt8]) -> [String?] {
  var rest = Array(String(decoding: wire, as: UTF8.self).utf16)[...]
  var found: [String?] = []
  repeat {
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest.dropFirst(digits.count)
    let count = digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1 << 32) }
    guard !digits.isEmpty, rest.popFirst() == 0x3A, count <= rest.count else { return found + [nil] }
    let text = rest.prefix(count)
    rest = rest.dropFirst(count)
    // Half a character has no UTF-8.
    let isCut = text.first.map(UTF16.isTrailSurrogate) ?? false || text.last.map(UTF16.isLeadSurrogate) ?? false
    if isCut { return found + [nil] }
    if text.isEmpty { continue }
    found.append(obviousText(Array(String(decoding: text, as: UTF16.self).utf8)[...]))
    if found.last == .some(nil) { return found }
  } while !rest.isEmpty
  return found
}

private func obviousBinary(_ wire: [UInt8]) -> [String?] {
  var rest = wire[...]
  var found: [String?] = []
  repeat {
    guard let kind = rest.popFirst(), kind < 2, let end = rest.firstIndex(of: 255), end > rest.startIndex,
      rest[..<end].allSatisfy({ $0 < 10 })
    else { return found + [nil] }
    let length = rest[..<end].reduce(0) { min($0 * 10 + Int($1), 1 << 32) }
    rest = rest[(end + 1)...]
    guard length <= rest.count else { return found + [nil] }
    let data = rest.prefix(length)
    rest = rest.dropFirst(length)
    found.append(kind == 0 ? obviousText(data) : obviousBytes(data))
    if found.last == .some(nil) { return found }
  } while !rest.isEmpty
  return found
}

private func obviousText(_ text: ArraySlice<UInt8>) -> String? {
  guard UTF8Validator.isValid(ByteBuffer(bytes: text).readableBytesSpan) else { return nil }
  let isBase64 = text.count > 1 && text.first == UInt8(ascii: "b")
  let packet = isBase64 ? text.dropFirst() : text
  guard let type = packet.first.flatMap(EnginePacketType.init) else { return nil }
  let name = isBase64 && type == .message ? "base64" : "\(type)"
  return "\(name) \(packet.dropFirst())"
}

private func obviousBytes(_ bytes: ArraySlice<UInt8>) -> String? {
  guard let type = bytes.first.flatMap({ $0 < 7 ? EnginePacketType(rawValue: $0 + 0x30) : nil }) else { return nil }
  return "\(type == .message ? "bytes" : "\(type)") \(bytes.dropFirst())"
}
