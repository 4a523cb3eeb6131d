import BongsuMessagePack
import BongsuSession
import BongsuSocketIO
import NIOCore

/// A packet in MessagePack is accepted only if the tree of it, read by other code, has the shape that the protocol asks
/// for; what is accepted can be written again and comes in as it was.
@Sendable func fuzzPackedPacket(_ input: Input) {
  let limits = input.choice & 8 == 0 ? JSONLimits() : JSONLimits(depth: 3, arguments: 3)
  let bytes = ByteBuffer(bytes: input.wire)
  let span = bytes.readableBytesSpan
  do throws(SocketIOParseError) {
    let packet = try PackedPacket(parsing: span, limits: limits)
    // A packet's depth is counted in its data.
    var reader = MessagePackReader()
    guard let tree = try? MessagePackValue(&reader, in: span, depth: MessagePackReader.maximumDepth) else {
      return require(limits.depth == JSONLimits.maximumDepth, "a tree is as deep as allowed")
    }
    check(packet, tree, bytes, limits)
    writeAgain(packet, bytes, limits)
  } catch {
    require(!error.text.isEmpty, "words for \(error)")
  }
  var session = SocketIOSession<Int>(limits: SocketIOLimits(), notation: .messagePack)
  _ = try? session.received(packed: span)
}

private func check(_ packet: PackedPacket, _ tree: MessagePackValue, _ bytes: ByteBuffer, _ limits: JSONLimits) {
  let type = tree["type"].flatMap { UInt8(messagePack: $0) }
  requireEqual(type.map { $0 + 0x30 }, packet.head.type.rawValue, "the packet's type")
  requireEqual(tree["nsp"], .string(packet.head.namespace.map { slice(bytes, $0) } ?? "/"), "the namespace")
  if let id = packet.head.ackID?.integer { requireEqual(tree["id"].flatMap { UInt64(messagePack: $0) }, id, "the id") }
  let data = tree["data"] ?? .null
  switch packet.body {
  case .connect(let auth): require(auth == nil ? data == .null : isMap(data), "a map or nothing")
  case .disconnect: requireEqual(data, .null, "no data")
  case .event(let event):
    guard case .array(let elements) = data else { return require(false, "an event's data are an array") }
    requireEqual(event.arguments.count, max(0, elements.count - 1), "arguments behind the name")
    check(event.arguments, Array(elements.dropFirst()), bytes, limits)
    let name = event.name.text(in: bytes.readableBytesSpan)
    require(name.map { !EventName.isReserved($0) } ?? elements.isEmpty, "an event has a name of its own")
    if case .string(let expected)? = elements.first {
      requireEqual(name.map { Array($0.utf8) }, Array(expected.utf8), "the event's name")
    }
  case .ack(let arguments):
    guard case .array(let elements) = data else { return require(false, "answers are an array") }
    check(arguments, elements, bytes, limits)
  case .connectError: break
  }
}

private func isMap(_ value: MessagePackValue) -> Bool { if case .map = value { true } else { false } }

private func check(
  _ list: ArgumentList, _ elements: [MessagePackValue], _ bytes: ByteBuffer, _ limits: JSONLimits
) {
  require(list.count <= limits.arguments, "as many arguments as allowed")
  requireEqual(list.count, elements.count, "as many arguments as elements")
  for index in 0..<list.count {
    guard let range = list.argument(index) else { return require(false, "argument \(index)") }
    let argument = MessagePackValue(bytes.readableBytesSpan.extracting(range))
    requireEqual(argument.map(packed), packed(elements[index]), "argument \(index)")
  }
}

/// Not a number is not equal to itself; its bytes are.
private func packed(_ value: MessagePackValue) -> ByteBuffer {
  var output = ByteBuffer()
  do throws(MessagePackError) { try value.write(into: &output) } catch { require(false, "\(error) when written") }
  return output
}

/// What came as one client's event goes out as another's.
private func writeAgain(_ packet: PackedPacket, _ bytes: ByteBuffer, _ limits: JSONLimits) {
  guard case .ack(let arguments) = packet.body else { return }
  let elements = arguments.text(from: 0) ?? 0..<0
  var output = ByteBuffer()
  let range = PackedPacketEncoder.message(
    .ack, elements: bytes.readableBytesSpan.extracting(elements), count: arguments.count,
    namespace: packet.head.namespace.map { slice(bytes, $0) } ?? "/", ackID: packet.head.ackID, into: &output)
  require(range.upperBound <= output.readableBytes && range.count == elements.count, "the elements are inside")
  guard let again = try? PackedPacket(parsing: output.readableBytesSpan, limits: limits),
    case .ack(let copies) = again.body
  else { return require(false, "it comes in again") }
  requireEqual(again.head.ackID, packet.head.ackID, "the id")
  requireEqual(copies.text(from: 0)?.count, arguments.text(from: 0)?.count, "arguments")
}
