import Glibc

/// A blocking TCP server on 127.0.0.1 that owes nothing to the code under test: somebody else's.
public final class LoopbackListener: Sendable {
  private let fd: Int32
  /// Where it listens.
  public let port: UInt16

  public init() throws(LoopbackError) {
    fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let fd = self.fd
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var count = UInt32(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(fd, $0, count) == 0 && listen(fd, 128) == 0 && getsockname(fd, $0, &count) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw LoopbackError(code: errno) }
  }

  deinit { close() }

  /// The descriptor of the next connection; `nil` once the listener is closed.
  public func accept() -> Int32? {
    while true {
      let connection = Glibc.accept(fd, nil, nil)
      if connection >= 0 { return connection }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  /// Whoever waits in ``accept()`` is let go.
  public func stop() { shutdown(fd, Int32(SHUT_RDWR)) }

  private func close() { Glibc.close(fd) }
}

extension Descriptors {
  /// What one call reads from a connection; empty at the end.
  public static func read(_ connection: Int32) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 4096) { bytes, count in
      count = max(0, unsafe recv(connection, bytes.baseAddress, 4096, 0))
    }
  }

  /// Says a last word and closes.
  public static func finish(_ connection: Int32, _ text: String) {
    _ = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
      unsafe send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
    close(connection)
  }

  /// What a descriptor is of; `nil` when it is closed. What has its number later is something else.
  public static func identity(_ descriptor: Int32) -> UInt64? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// A descriptor of something that is no socket.
  public static func pipe() -> Int32 {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Glibc.pipe(&ends)
    close(ends[1])
    return ends[0]
  }

  /// A socket without connections: `SOCK_DGRAM`, or `SOCK_STREAM` that listens.
  public static func unconnected(listening: Bool) -> Int32 {
    let fd = socket(AF_INET, Int32((listening ? SOCK_STREAM : SOCK_DGRAM).rawValue), 0)
    if listening { listen(fd, 1) }
    return fd
  }
}
