import Synchronization

/// The sockets of a namespace by id, from any thread.
public struct SocketDirectory: Sendable {
  /// One loop's sockets. Only its thread changes them, so it may read without the lock that everyone else takes.
  @safe
  final class Shelf: @unchecked Sendable {
    private let lock = Mutex<Void>(())
    private var sockets: [Identifier: Socket] = [:]

    func insert(_ socket: Socket) { lock.withLock { _ in sockets[socket.identifier] = socket } }

    func remove(_ socket: Socket) {
      lock.withLock { _ in
        sockets[socket.identifier] = nil
        if sockets.isEmpty { sockets = [:] }
      }
    }

    /// On the loop's own thread.
    func ownSocket(_ id: Identifier) -> Socket? { sockets[id] }

    func socket(_ id: Identifier) -> Socket? { lock.withLock { _ in sockets[id] } }
    var all: [Socket] { lock.withLock { _ in Array(sockets.values) } }
    var count: Int { lock.withLock { _ in sockets.count } }
  }

  private let shelves: [Shelf]

  init(loops: Int) { shelves = (0..<loops).map { _ in Shelf() } }

  func shelf(_ loop: Int) -> Shelf { shelves[loop] }

  /// The connected socket with this id.
  public subscript(id: String) -> Socket? {
    guard let identifier = Identifier(id), identifier.loop < shelves.count else { return nil }
    return shelves[identifier.loop].socket(identifier)
  }

  /// How many sockets are connected.
  public var count: Int { shelves.reduce(0) { $0 + $1.count } }

  /// All connected sockets, as of now.
  public var all: [Socket] { shelves.flatMap(\.all) }
}
