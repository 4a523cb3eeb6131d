import CLoop

/// A connected stream socket that somebody else has accepted, on its way to a loop. Whoever holds it last and has not
/// opened it closes it.
public final class AcceptedSocket: @unchecked Sendable {
  // One owner at a time: the one that made it, then the loop.
  private var fd: Int32

  /// Takes over a descriptor, which does not block from now on. One that is no connected stream socket is closed if it
  /// is open at all.
  public init(_ fd: Int32) throws(DescriptorError) {
    let error = cloop_socket_prepare(fd)
    self.fd = error == 0 ? fd : -1
    guard error != 0 else { return }
    // The number of one that is closed already may soon be another's.
    let failure = DescriptorError(code: error)
    if !failure.isClosed { cloop_close_fd(fd) }
    throw failure
  }

  /// Hands it to a loop, on its thread, once; `nil` when the loop cannot watch it, which closes it.
  public func open(on loop: Loop) -> Connection? {
    guard fd >= 0 else { return nil }
    defer { fd = -1 }
    guard let connection = Connection.open(fd: fd, on: loop) else { return nil }
    loop.counters.connectionsOpened &+= 1
    return connection
  }

  deinit { if fd >= 0 { cloop_close_fd(fd) } }
}

/// Why a descriptor cannot be taken over.
public struct DescriptorError: Error, CustomStringConvertible {
  let code: Int32

  private static var badDescriptor: Int32 { -9 }

  /// Nothing is open by this number.
  public var isClosed: Bool { code == Self.badDescriptor }

  public var description: String {
    "the descriptor is no connected stream socket: \(errorText(code))"
  }
}
