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
  /// - Parameters:
  ///   - shownBytes: larger fields are told by their length.
  ///   - bytesOfAKind: of all headers, of all of the query and of all rooms; how many there are more is told.
  init(_ socket: Socket, shownBytes: Int, bytesOfAKind: Int = .max) {
    id = socket.id
    clientId = String(socket.holder.sid.prefix(12))
    transport = socket.holder.transportName == .webSocket ? "websocket" : "polling"
    nsp = socket.namespace.name
    data = socket.data.shown(bytes: shownBytes)
    handshake = Greeting(socket.handshake, shownBytes: shownBytes, bytesOfAKind: bytesOfAKind)
    rooms = socket.roomNames.filter { !RelayRoom.isWatch($0) }.sorted().shown(bytesOfAKind)
  }

  /// About as many bytes as it takes as JSON.
  var jsonBytes: Int {
    let fields = [id, clientId, transport, nsp, handshake.address, handshake.time, handshake.url] + rooms
    let pairs = [handshake.headers, handshake.query].joined()
    return fields.reduce(256) { $0 + $1.jsonBytes } + pairs.reduce(0) { $0 + $1.key.jsonBytes + $1.value.jsonBytes }
      + data.jsonBytes
  }
}

extension AdminSocket.Greeting {
  private static var secrets: Set<String> { ["authorization", "cookie", "proxy-authorization"] }

  init(_ handshake: Handshake, shownBytes: Int, bytesOfAKind: Int) {
    let all = handshake.headers
    // A proxy in front knows better (reference: `serialize`).
    address = (all["cf-connecting-ip"] ?? all["x-forwarded-for"] ?? handshake.address).shown(bytes: shownBytes)
    let headers = all.reduce(into: [:]) { headers, field in
      headers[field.key] = Self.secrets.contains(field.key) ? "(hidden)" : field.value.shown(bytes: shownBytes)
    }
    self.headers = headers.shown(bytesOfAKind)
    query = handshake.query.mapValues { $0.shown(bytes: shownBytes) }.shown(bytesOfAKind)
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

  /// Between quotes, with what has to be escaped, and a comma.
  fileprivate var jsonBytes: Int {
    utf8.reduce(3) { count, byte in
      switch byte {
      case 0..<0x20: count + 6
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): count + 2
      default: count + 1
      }
    }
  }
}

extension JSONTree {
  fileprivate var jsonBytes: Int {
    switch self {
    case .null, .bool, .integer, .number: 24
    case .string(let text): text.jsonBytes
    case .array(let values): values.reduce(3) { $0 + $1.jsonBytes }
    case .object(let values): values.reduce(3) { $0 + $1.key.jsonBytes + $1.value.jsonBytes }
    }
  }
}

extension [String] {
  /// The first of them, as many as so many bytes hold.
  fileprivate func shown(_ bytes: Int) -> [String] {
    var left = bytes
    let shown = prefix {
      left -= $0.jsonBytes
      return left >= 0
    }
    return shown.count == count ? self : shown + ["… (\(count - shown.count) more)"]
  }
}

extension [String: String] {
  /// The first of them by name, as many as so many bytes hold.
  fileprivate func shown(_ bytes: Int) -> [String: String] {
    guard reduce(0, { $0 + $1.key.jsonBytes + $1.value.jsonBytes }) > bytes else { return self }
    var left = bytes
    let names = keys.sorted().prefix {
      left -= $0.jsonBytes + self[$0, default: ""].jsonBytes
      return left >= 0
    }
    var shown = filter { names.contains($0.key) }
    shown["…"] = "(\(count - shown.count) more)"
    return shown
  }
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
