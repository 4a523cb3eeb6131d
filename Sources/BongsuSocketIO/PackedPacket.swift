internal import BongsuMessagePack

/// A packet of socket.io-msgpack-parser: one binary message that is a map of `type`, `nsp`, and perhaps `data` and `id`
/// (socket.io-msgpack-parser 3, protocol 5). Bytes stand among the data: there are no binary types and no attachments.
///
/// Other members are skipped, as browsers send `options`. In three things this is stricter than the reference, all of
/// them for the sake of those to whom data is passed on: text is UTF-8, names of members are strings, and no client may
/// send a reserved event. `nil` counts as absent.
public struct PackedPacket: Sendable {
  /// Its payload is the range of `data`.
  public let head: PacketHead
  public let body: PacketBody

  /// Reads the one packet that is all of `bytes`.
  public init(parsing bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(SocketIOParseError) {
    // Ranges of arguments are kept in four bytes each.
    guard bytes.byteCount <= Int(UInt32.max) else { throw .invalidPayload }
    var members = PackedMembers(limits)
    do throws(MessagePackError) { try members.read(bytes) } catch { throw .invalidPayload }
    guard let type = members.type else { throw .invalidPacketType }
    guard case .string(let namespace) = members.namespace else { throw .invalidNamespace }
    var parser = PackedPayloadParser(members.data, limits)
    body = try parser.body(of: type, in: bytes)
    let isMain = bytes.equals("/", in: namespace)
    head = PacketHead(
      type, namespace: isMain ? nil : namespace, ackID: try members.ackID, payload: members.data)
  }
}

/// The members of a packet that matter, as they were found: of those with the same name the last one.
private struct PackedMembers {
  private(set) var type: PacketType?
  private(set) var namespace = MessagePackToken.null
  private var id = MessagePackToken.null
  /// Nil for no data.
  private(set) var data: Range<Int>?
  private let depth: Int

  init(_ limits: JSONLimits) { depth = limits.depth }

  mutating func read(_ bytes: RawSpan) throws(MessagePackError) {
    var reader = MessagePackReader()
    guard case .map(let count) = try reader.next(in: bytes) else { return }
    for _ in 0..<count {
      let key = try reader.key(in: bytes)
      let start = reader.position
      try reader.skipValue(in: bytes, depth: depth)
      var value = MessagePackReader(at: start)
      let token = try value.next(in: bytes)
      if bytes.equals("data", in: key) {
        data = token == .null ? nil : start..<reader.position
      } else if bytes.equals("type", in: key) {
        type = Self.type(token)
      } else if bytes.equals("nsp", in: key) {
        namespace = token
      } else if bytes.equals("id", in: key) {
        id = token
      }
    }
    // A packet is all there is.
    guard reader.position == bytes.byteCount else { throw .truncated }
  }

  /// JavaScript does not tell 2 from 2.0.
  private static func type(_ token: MessagePackToken) -> PacketType? {
    let number: Double? =
      switch token {
      case .unsigned(let number): Double(number)
      case .float(let number): number
      default: nil
      }
    let all: [PacketType] = [.connect, .disconnect, .event, .ack, .connectError]
    return all.first { Double($0.rawValue - PacketType.connect.rawValue) == number }
  }

  var ackID: AckID? {
    get throws(SocketIOParseError) {
      let found: AckID?
      switch id {
      case .null: return nil
      case .unsigned(let number): found = AckID(number)
      case .float(let number): found = AckID(number)
      default: found = nil
      }
      guard let found else { throw .invalidPacketID }
      return found
    }
  }
}
