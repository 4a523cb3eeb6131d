internal import BongsuEngineIO
internal import BongsuHTTP
internal import BongsuReactor
internal import BongsuSession
internal import NIOCore
import Synchronization

/// A place where Engine.IO is spoken: its options, and what its sessions are for. All loops share it.
final class EngineEndpoint: Sendable {
  /// Makes the client of a new session.
  typealias Open = @Sendable (SessionOpening) -> EngineClient

  /// What the paths of its requests begin with.
  let path: String
  let options: EngineOptions
  let open: Open
  /// Sessions that are open, on all loops.
  let clientsCount = Atomic<Int>(0)

  init(_ options: EngineOptions, open: @escaping Open) {
    path = options.prefix
    self.options = options
    self.open = open
  }

  // MARK: Sessions' ids

  /// The loop of the session with this id.
  func loop(of sid: String, loops: Int) -> Int? {
    if options.generateId != nil { return SessionNames.loop(of: sid, loops: loops) }
    guard let loop = Identifier(sid)?.loop, loop < loops else { return nil }
    return loop
  }

  func session(_ sid: String, on hub: Hub) -> EngineClient? {
    let id = options.generateId == nil ? Identifier(sid) : hub.sessionNames.identifier(of: sid)
    guard let client = id.flatMap({ hub.sessions[$0] }), client.endpoint === self else { return nil }
    client.catchUp()
    return client.engine.state == .closed ? nil : client
  }

  // MARK: CORS

  func cors(for request: @autoclosure () -> Request) -> CORS { options.corsForRequest?(request()) ?? options.cors }

  // MARK: Refusals

  /// Tells whoever wants to know that a request was refused.
  func report(_ refusal: EngineRefusal, on hub: Hub, _ request: @autoclosure () -> Request) {
    hub.noteRefused(refusal, request())
    guard let listener = options.onConnectionError, let code = ConnectionError.Code(rawValue: refusal.code.rawValue)
    else { return }
    listener(
      ConnectionError(request: request(), code: code, message: refusal.code.message, context: refusal.context))
  }
}

/// Why a request is refused.
struct EngineRefusal: Error {
  let code: EngineErrorCode
  /// In place of the code's own text.
  var message: String?
  var context: [String: String] = [:]

  /// A bad request of some kind.
  static func badRequest(_ name: String, _ context: [String: String] = [:]) -> EngineRefusal {
    EngineRefusal(code: .badRequest, context: context.merging(["name": name]) { $1 })
  }

  func answer(_ exchange: Exchange) {
    exchange.respond(code.status, [("Content-Type", "application/json")], body: code.json(message: message))
  }
}

/// What a new session begins with.
struct SessionOpening {
  let hub: Hub
  let endpoint: EngineEndpoint
  let id: Identifier
  let transport: EngineSession.Transport
  let dialect: EngineDialect
  let request: HandshakeRequest

  /// Whether the client speaks Engine.IO 3, and so Socket.IO 1 or 2.
  var isLegacy: Bool { dialect.isVersion3 }
}
