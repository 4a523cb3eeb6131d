internal import BongsuMessagePack

/// Finds the arguments in the data of a packet, which are valid MessagePack already.
struct PackedPayloadParser {
  private let data: Range<Int>?
  private var reader: MessagePackReader
  private let argumentLimit: Int

  /// - Parameter data: nil for none.
  init(_ data: Range<Int>?, _ limits: JSONLimits) {
    self.data = data
    reader = MessagePackReader(at: data?.lowerBound ?? 0)
    argumentLimit = limits.arguments
  }

  /// The data as the packet's type wants them.
  mutating func body(of type: PacketType, in bytes: RawSpan) throws(SocketIOParseError) -> PacketBody {
    do throws(MessagePackError) {
      switch type {
      case .connect: if let body = try connect(in: bytes) { return body }
      case .disconnect: if data == nil { return .disconnect }
      case .connectError: if let body = try connectError(in: bytes) { return body }
      case .event, .binaryEvent: if let event = try event(in: bytes) { return .event(event) }
      case .ack, .binaryAck:
        if let count = try arrayCount(in: bytes), count <= argumentLimit {
          return .ack(try elements(count, in: bytes))
        }
      }
    } catch { throw .invalidPayload }
    throw .invalidPayload
  }

  /// A map, or nothing.
  private mutating func connect(in bytes: RawSpan) throws(MessagePackError) -> PacketBody? {
    guard let data else { return .connect(auth: nil) }
    guard case .map = try reader.next(in: bytes) else { return nil }
    return .connect(auth: data)
  }

  /// A map or a string.
  private mutating func connectError(in bytes: RawSpan) throws(MessagePackError) -> PacketBody? {
    guard let data else { return nil }
    switch try reader.next(in: bytes) {
    case .map, .string: return .connectError(data)
    default: return nil
    }
  }

  /// An array with a name and arguments. Empty, it is let pass as by the reference: an event that nobody hears.
  private mutating func event(in bytes: RawSpan) throws(MessagePackError) -> EventPayload? {
    guard let count = try arrayCount(in: bytes) else { return nil }
    guard count > 0 else { return EventPayload(name: .absent, arguments: ArgumentList(.messagePack)) }
    guard count - 1 <= argumentLimit, let name = try name(in: bytes) else { return nil }
    return EventPayload(name: name, arguments: try elements(count - 1, in: bytes))
  }

  private mutating func arrayCount(in bytes: RawSpan) throws(MessagePackError) -> Int? {
    guard data != nil, case .array(let count) = try reader.next(in: bytes) else { return nil }
    return count
  }

  /// A string that is not reserved, or a number.
  private mutating func name(in bytes: RawSpan) throws(MessagePackError) -> EventName? {
    switch try reader.next(in: bytes) {
    case .string(let range):
      let name = JSONStringRange(contents: range, isEscaped: false)
      return EventName.isReserved(name, in: bytes) ? nil : .string(range, isEscaped: false)
    case .unsigned(let number): return .number(Double(number))
    case .negative(let number): return .number(Double(number))
    case .float(let number): return .number(number)
    default: return nil
    }
  }

  private mutating func elements(_ count: Int, in bytes: RawSpan) throws(MessagePackError) -> ArgumentList {
    var list = ArgumentList(.messagePack)
    for _ in 0..<count {
      let start = reader.position
      try reader.skipValue(in: bytes)
      list.append(start..<reader.position)
    }
    return list
  }
}
