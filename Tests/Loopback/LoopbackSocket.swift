import Glibc

/// A blocking TCP client on 127.0.0.1 that owes nothing to the code under test. It gives up after a minute: a machine may be busy.
public final class LoopbackSocket: Sendable {
  /// How a stream ended.
  public enum Ending: Sendable, Equatable {
    /// By FIN.
    case end
    case reset
    /// It did not, in time.
    case open
  }

  private let fd: Int32

  /// - Parameter receiveBuffer: bytes that the kernel keeps for a client that does not read; small makes a slow reader.
  public init(port: UInt16, receiveBuffer: Int32? = nil) throws(LoopbackError) {
    fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    unsafe setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, UInt32(MemoryLayout<timeval>.size))
    unsafe setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, UInt32(MemoryLayout<timeval>.size))
    if var receiveBuffer {
      unsafe setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, UInt32(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let fd = self.fd
    var result: Int32 = 0
    // Asked again after a signal, Linux waits on for the same connection.
    repeat {
      result = unsafe withUnsafePointer(to: &address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(fd, $0, UInt32(MemoryLayout<sockaddr_in>.size))
        }
      }
    } while result != 0 && errno == EINTR
    guard result == 0 else { throw LoopbackError(code: errno) }
  }

  deinit { close(fd) }

  /// The client's own port, as the server sees it.
  public var port: UInt16 {
    var address = sockaddr_in()
    var count = UInt32(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &address) { address in
      _ = unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(fd, $0, &count) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Sends all of `bytes`; false when the server does not take them.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(fd, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// No more bytes from here (FIN).
  public func finish() { shutdown(fd, Int32(SHUT_WR)) }

  /// Exactly `count` bytes, or fewer when the stream ends before.
  public func receive(_ count: Int) -> [UInt8] {
    var received: [UInt8] = []
    while received.count < count, let piece = receivePiece(count - received.count).bytes { received += piece }
    return received
  }

  /// Everything up to the end of the stream, and how it ended.
  public func receiveToEnd() -> (bytes: [UInt8], ending: Ending) {
    var received: [UInt8] = []
    while true {
      let (piece, ending) = receivePiece(1 << 16)
      guard let piece else { return (received, ending) }
      received += piece
    }
  }

  /// What one call brings, or the end.
  private func receivePiece(_ limit: Int) -> (bytes: [UInt8]?, ending: Ending) {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { bytes, initialized in
      repeat { count = unsafe recv(fd, bytes.baseAddress, limit, 0) } while count < 0 && errno == EINTR
      initialized = max(0, count)
    }
    if count > 0 { return (bytes, .open) }
    return (nil, count == 0 ? .end : errno == ECONNRESET ? .reset : .open)
  }
}

/// Why a connection could not be made.
public struct LoopbackError: Error, Equatable {
  public let code: Int32
}
