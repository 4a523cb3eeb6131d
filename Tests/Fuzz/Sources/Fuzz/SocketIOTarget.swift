import BongsuSocketIO
import Foundation
import NIOCore

/// A packet is accepted if and only if its payload is JSON of the right shape, as two other readers have it; what is
/// accepted stays within the limits and can be written again.
@Sendable func fuzzSocketIO(_ input: Input) {
  guard let string = String(validating: input.wire, as: UTF8.self) else { return }
  let limits = input.choice & 8 == 0 ? JSONLimits() : JSONLimits(depth: 3, arguments: 3)
  let text = ByteBuffer(bytes: input.wire)
  var head: PacketHead?
  do throws(SocketIOParseError) {
    let parsed = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 10)
    head = parsed
    check(parsed, text)
    let body = try PacketBody(parsing: text.readableBytesSpan, head: parsed, limits: limits)
    if let payload = parsed.payload { check(body, payload, text, limits) }
    if case .event(let event) = body { writeAgain(parsed, event, text, limits) }
  } catch {
    require(!error.text.isEmpty, "words for \(error)")
    if error == .invalidPayload, let head, head.type == .ack, let payload = head.payload {
      require(!JSONShape(input.wire[payload]).isArguments(within: limits), "this is an acknowledgement")
    }
  }
  quote(string)
}

private func check(_ head: PacketHead, _ text: ByteBuffer) {
  require((0...(head.type.isBinary ? 10 : 0)).contains(head.attachmentCount), "attachments as allowed")
  if let namespace = head.namespace.map({ slice(text, $0) }) {
    let name = Array(namespace.utf8)
    require(name.count > 1 && name[0] == UInt8(ascii: "/") && !name.contains(UInt8(ascii: ",")), "a namespace's name")
  }
  if let payload = head.payload {
    require(!payload.isEmpty && payload.upperBound == text.readableBytes, "the payload is the rest")
  }
}

private func check(_ body: PacketBody, _ payload: Range<Int>, _ text: ByteBuffer, _ limits: JSONLimits) {
  let bytes = Array(text.readableBytesView[payload])
  let shape = JSONShape(bytes[...])
  require(shape.isJSON && shape.depth <= limits.depth, "JSON, and not too deep")
  var count: Int?
  switch body {
  case .event(let event):
    check(event.arguments, text, limits)
    count = event.arguments.count + 1
    let name = event.name.text(in: text.readableBytesSpan)
    require(name.map { !EventName.isReserved($0) } ?? false, "an event has a name of its own")
  case .ack(let arguments):
    check(arguments, text, limits)
    count = arguments.count
  case .connect, .disconnect, .connectError: break
  }
  guard !shape.isBeyondFoundation else { return }
  let tree = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  require(tree != nil, "Foundation understands it")
  if let count { requireEqual((tree as? [Any])?.count, count, "as many elements as Foundation finds") }
  if case .event(let event) = body, let expected = (tree as? [Any])?.first as? String {
    let name = event.name.text(in: text.readableBytesSpan)
    requireEqual(name.map { Array($0.utf8) }, Array(expected.utf8), "the event's name")
  }
}

private func check(_ arguments: ArgumentList, _ text: ByteBuffer, _ limits: JSONLimits) {
  require(arguments.count <= limits.arguments, "as many arguments as allowed")
  var end = 0
  for index in 0..<arguments.count {
    guard let range = arguments.argument(index) else { return require(false, "argument \(index)") }
    require(range.lowerBound >= end && ObviousJSON.accepts(Array(text.readableBytesView[range])), "an argument is JSON")
    require(JSONValue(in: text.readableBytesSpan, at: range) != nil, "of a kind")
    end = range.upperBound
  }
  require(arguments.argument(arguments.count) == nil && arguments.argument(-1) == nil, "no argument more")
}

/// What came as one client's event goes out as another's, and comes in again as it was.
private func writeAgain(_ head: PacketHead, _ event: EventPayload, _ text: ByteBuffer, _ limits: JSONLimits) {
  guard let payload = head.payload, let start = text.readableBytesView[payload].firstIndex(of: UInt8(ascii: "[")),
    let end = text.readableBytesView[payload].lastIndex(of: UInt8(ascii: "]"))
  else { return }
  let elements = start + 1..<end
  var output = ByteBuffer()
  PacketEncoder.event(
    elements: text.readableBytesSpan.extracting(elements), namespace: head.namespace.map { slice(text, $0) } ?? "/",
    ackID: head.ackID?.integer, attachments: head.attachmentCount, framing: .bare, into: &output)
  guard let copy = try? PacketHead(parsing: output.readableBytesSpan, maximumAttachments: 10),
    case .event(let again)? = try? PacketBody(parsing: output.readableBytesSpan, head: copy, limits: limits)
  else { return require(false, "\(String(buffer: output)) comes in again") }
  requireEqual(copy.namespace.map { slice(output, $0) }, head.namespace.map { slice(text, $0) }, "namespace")
  requireEqual(copy.ackID?.integer, head.ackID?.integer, "ack id")
  requireEqual(copy.attachmentCount, head.attachmentCount, "attachments")
  requireEqual(again.name.text(in: output.readableBytesSpan), event.name.text(in: text.readableBytesSpan), "name")
  requireEqual(strings(again.arguments, output), strings(event.arguments, text), "arguments")
  requireEqual(again.arguments.placeholderCount, event.arguments.placeholderCount, "placeholders")
}

/// Any text can be written as a JSON string that everybody reads as that text.
private func quote(_ string: String) {
  var json = ByteBuffer()
  JSONText.write(string, into: &json)
  let value = JSONValue(in: json.readableBytesSpan, at: 0..<json.readableBytes)
  requireEqual(value?.string(in: json.readableBytesSpan).map { Array($0.utf8) }, Array(string.utf8), "a string")
  let tree = try? JSONSerialization.jsonObject(with: Data(json.readableBytesView), options: .fragmentsAllowed)
  requireEqual((tree as? String).map { Array($0.utf8) }, Array(string.utf8), "Foundation reads it")
}

private func strings(_ list: ArgumentList, _ text: ByteBuffer) -> [String?] {
  (0..<list.count).map { list.argument($0).map { slice(text, $0) } }
}

func slice(_ buffer: ByteBuffer, _ range: Range<Int>) -> String {
  buffer.getString(at: buffer.readerIndex + range.lowerBound, length: range.count) ?? "out of bounds"
}
