internal import BongsuSession
internal import BongsuSocketIO
internal import FoundationEssentials
internal import NIOCore

/// A socket as the Admin UI is told of it (`SerializedSocket` of the reference's typed-events.ts).
struct AdminSocket: Encodable, Sendable {
  /// Without `auth`, and without what lets somebody else be the client.
  struct Greeting: Encodable, Sendable {
    let address: String
    let headers: [String: String]
    let query: [String: String]
    let issued: Int64
    let secure: Bool
    let time: String
    let url: String
    let xdomain: Bool
  }

  let id: String
  /// The beginning of the session's id, by which the page knows a client's sockets: whoever knows all of the id of a
  /// session by long polling can be its client.
  let clientId: String
  let transport: String
  let nsp: String
  let data: JSONTree
  let handshake: Greeting
  let rooms: [String]

  /// On the socket's loop.
  init(_ socket: Socket, shownBytes: Int) {
    id = socket.id
    clientId = String(socket.client.sid.prefix(12))
    transport = socket.client.transportName == .webSocket ? "websocket" : "polling"
    nsp = socket.namespace.name
    data = socket.data.shown(bytes: shownBytes)
    handshake = Greeting(socket.handshake, shownBytes: shownBytes)
    rooms = socket.roomNames.filter { !RelayRoom.isWatch($0) }.sorted()
  }
}

extension AdminSocket.Greeting {
  private static var secrets: Set<String> { ["authorization", "cookie", "proxy-authorization"] }

  init(_ handshake: Handshake, shownBytes: Int) {
    let all = handshake.headers
    // A proxy in front knows better (reference: `serialize`).
    address = all["cf-connecting-ip"] ?? all["x-forwarded-for"] ?? handshake.address
    headers = all.reduce(into: [:]) { headers, field in
      headers[field.key] = Self.secrets.contains(field.key) ? "(hidden)" : field.value.shown(bytes: shownBytes)
    }
    query = handshake.query.mapValues { $0.shown(bytes: shownBytes) }
    issued = handshake.issued
    secure = handshake.secure
    time = handshake.time.formatted(.iso8601)
    url = handshake.url.shown(bytes: shownBytes)
    xdomain = handshake.xdomain
  }
}

/// What has changed about a socket.
struct AdminSocketUpdate: Encodable {
  let id: String
  let nsp: String
  let transport: String?
  let data: JSONTree?

  init(_ socket: Socket, transport: String? = nil, data: JSONTree? = nil) {
    id = socket.id
    nsp = socket.namespace.name
    self.transport = transport
    self.data = data
  }
}

// MARK: - What is too long is told by its length

extension String {
  fileprivate func shown(bytes: Int) -> String { utf8.count > bytes ? "(\(utf8.count) bytes)" : self }
}

extension SocketData {
  /// As JSON: an object, empty when it is none.
  func shown(bytes: Int) -> JSONTree {
    guard !names.isEmpty, let json = try? JSONEncoder().encode(self) else { return .object([:]) }
    guard json.count <= bytes else { return .object(["…": .string("(\(json.count) bytes)")]) }
    return (try? JSONDecoder().decode(JSONTree.self, from: json)) ?? .object([:])
  }
}

extension SocketEvent {
  /// Name and arguments as one array; bytes by their placeholders.
  func shown(bytes: Int) -> JSONBytes {
    let count = arguments.byteCount
    var json = ByteBuffer(string: "[")
    JSONText.write(name, into: &json)
    if count > bytes {
      json.writeString(",\"(\(count) bytes)\"")
    } else if arguments.count > 0 {
      json.writeString(",")
      json.writeImmutableBuffer(arguments.elements)
    }
    json.writeString("]")
    return JSONBytes(json)
  }
}
