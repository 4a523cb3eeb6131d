import BongsuSocketIO
import NIOCore

/// A packet's head with its ranges resolved, for comparison with literals.
struct Head: Equatable {
  var type: PacketType
  var attachments = 0
  var namespace = "/"
  var id: String?
  var payload: String?
}

func slice(_ text: ByteBuffer, _ range: Range<Int>) -> String {
  text.getString(at: text.readerIndex + range.lowerBound, length: range.count) ?? "out of bounds"
}

func head(_ string: String, maximumAttachments: Int = 10) throws -> Head {
  let text = ByteBuffer(string: string)
  let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: maximumAttachments)
  return Head(
    type: head.type, attachments: head.attachmentCount, namespace: head.namespace.map { slice(text, $0) } ?? "/",
    id: head.ackID?.description, payload: head.payload.map { slice(text, $0) })
}

/// A packet's payload with its ranges resolved.
enum Body: Equatable {
  case connect(String?)
  case disconnect
  case event(name: String?, arguments: [String], placeholders: Int = 0)
  case ack([String], placeholders: Int = 0)
  case connectError(String?)
}

func body(_ string: String, limits: JSONLimits = JSONLimits()) throws -> Body {
  try body(ByteBuffer(string: string), limits: limits)
}

func body(_ text: ByteBuffer, limits: JSONLimits = JSONLimits()) throws -> Body {
  let head = try PacketHead(parsing: text.readableBytesSpan, maximumAttachments: 10)
  switch try PacketBody(parsing: text.readableBytesSpan, head: head, limits: limits) {
  case .connect(let auth): return .connect(auth.map { slice(text, $0) })
  case .disconnect: return .disconnect
  case .event(let event):
    return .event(
      name: event.name.text(in: text.readableBytesSpan), arguments: strings(event.arguments, in: text),
      placeholders: event.arguments.placeholderCount)
  case .ack(let arguments):
    return .ack(strings(arguments, in: text), placeholders: arguments.placeholderCount)
  case .connectError(let error): return .connectError(error.map { slice(text, $0) })
  }
}

func strings(_ list: ArgumentList, in text: ByteBuffer) -> [String] {
  (0..<list.count).map { list.argument($0).map { slice(text, $0) } ?? "missing" }
}

/// Whether `json` is exactly one JSON text: as the only element of an acknowledgement's array it parses if and only
/// if it is one.
func isJSON(_ json: ByteBuffer) -> Bool {
  var packet = ByteBuffer(string: "3[")
  packet.writeImmutableBuffer(json)
  packet.writeString("]")
  guard case .ack(let elements, _)? = try? body(packet) else { return false }
  return elements.count == 1
}

func isJSON(_ json: String) -> Bool {
  isJSON(ByteBuffer(string: json))
}
