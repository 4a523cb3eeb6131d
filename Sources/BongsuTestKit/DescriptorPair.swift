import Glibc

/// The two ends of a connection inside this process.
///
/// They are Unix sockets, because what one side sends is there for the other as soon as the call returns: a clock that
/// waits until everything has happened has to know what is still under way. Over TCP, the kernel delivers later when it
/// is busy.
struct DescriptorPair {
  let client: Int32
  let server: Int32
  /// Names the server's socket, whose number another one may have later.
  private let serverCookie: UInt64

  init() throws(TestKitError) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .outOfResources }
    client = ends[0]
    server = ends[1]
    serverCookie = Self.cookie(ends[1])
  }

  /// Makes the server's side see a reset, not an end, when the client's is closed next: that is what a Unix socket does
  /// that is closed with unread bytes.
  func leaveUnreadByte() {
    guard serverCookie != 0, Self.cookie(server) == serverCookie else { return }
    var byte: UInt8 = 0
    _ = unsafe send(server, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
  }

  private static func cookie(_ descriptor: Int32) -> UInt64 {
    var cookie: UInt64 = 0
    var count = socklen_t(MemoryLayout<UInt64>.size)
    let isKnown = unsafe getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &cookie, &count) == 0
    return isKnown ? cookie : 0
  }
}
