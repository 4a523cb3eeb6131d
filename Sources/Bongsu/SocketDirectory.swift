import NIOConcurrencyHelpers
import Synchronization

/// The sockets of a namespace by id, from any thread.
public struct SocketDirectory: Sendable {
  /// One loop's sockets. Only its thread changes them, so it may read without the lock that everyone else takes.
  @safe
  final class Shelf: @unchecked Sendable {
    private let lock = NIOLock()
    private var sockets: [Identifier: Socket] = [:]
    /// The loop's part of the namespace, from its first use on; for the loop's thread.
    var local: LocalNamespace?

    /// Those whose ids do not say that they are here: of clients of Socket.IO 2, and of clients that came back.
    private var astray: [String: Socket] = [:]
    private let astrayCount = Atomic<Int>(0)

    func insert(_ socket: Socket) {
      if socket.isAstray { changeAstray(socket, to: socket) }
      lock.withLock { sockets[socket.identifier] = socket }
    }

    private func changeAstray(_ socket: Socket, to new: Socket?) {
      lock.withLock {
        astray[socket.id] = new
        astrayCount.store(astray.count, ordering: .relaxed)
      }
    }

    func remove(_ socket: Socket) {
      if socket.isAstray { changeAstray(socket, to: nil) }
      lock.withLock {
        sockets[socket.identifier] = nil
        if sockets.isEmpty { sockets = [:] }
      }
    }

    func astraySocket(_ id: String) -> Socket? {
      astrayCount.load(ordering: .relaxed) == 0 ? nil : lock.withLock { astray[id] }
    }

    /// On the loop's own thread.
    func ownSocket(_ id: Identifier) -> Socket? { sockets[id] }

    func socket(_ id: Identifier) -> Socket? { lock.withLock { sockets[id] } }
    var all: [Socket] { lock.withLock { Array(sockets.values) } }
    var count: Int { lock.withLock { sockets.count } }
  }

  private let shelves: [Shelf]

  init(loops: Int) { shelves = (0..<loops).map { _ in Shelf() } }

  func shelf(_ loop: Int) -> Shelf { shelves[loop] }

  /// The connected socket with this id.
  public subscript(id: String) -> Socket? {
    if let identifier = Identifier(id), identifier.loop < shelves.count,
      let socket = shelves[identifier.loop].socket(identifier)
    {
      return socket
    }
    return shelves.lazy.compactMap { $0.astraySocket(id) }.first
  }

  /// How many sockets are connected.
  public var count: Int { shelves.reduce(0) { $0 + $1.count } }

  /// All connected sockets, as of now.
  public var all: [Socket] { shelves.flatMap(\.all) }
}
