import Synchronization

/// The sockets that a page is told of when it comes: so many, and so many bytes. From any thread.
final class AdminListing: Sendable {
  /// Of each kind of thing that a socket has, and that clients choose: of its headers, of its rooms and so on.
  private static var bytesOfAKind: Int { 1_024 }

  private let sockets: Atomic<Int>
  private let bytes: Atomic<Int>
  private let shownBytes: Int

  init(_ options: AdminUI) {
    sockets = Atomic(options.listedSockets)
    bytes = Atomic(options.listedBytes)
    shownBytes = min(options.shownBytes, Self.bytesOfAKind)
  }

  /// Nil when there is no room for it; on the socket's loop.
  func list(_ socket: Socket) -> AdminSocket? {
    guard bytes.load(ordering: .relaxed) > 0, sockets.subtract(1, ordering: .relaxed).oldValue > 0 else { return nil }
    let listed = AdminSocket(socket, shownBytes: shownBytes, bytesOfAKind: Self.bytesOfAKind)
    let cost = listed.jsonBytes
    return bytes.subtract(cost, ordering: .relaxed).oldValue >= cost ? listed : nil
  }
}
