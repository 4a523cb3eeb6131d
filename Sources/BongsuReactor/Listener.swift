import CLoop

/// A loop's own listening socket; several loops may listen on one port.
@safe
public final class Listener {
  /// Takes a new connection, on the loop's thread.
  public typealias Accept = (Connection) -> Void

  private let loop: Loop
  private var handle: OpaquePointer?
  private let accept: Accept
  private let failed: (Int32) -> Void

  /// Listens at once. `accept` is given each new connection on the loop's thread; `failed` hears of connections that
  /// were shed because the process is out of descriptors.
  public init(
    on loop: Loop, host: String, port: UInt16, backlog: Int32 = 4096, accept: @escaping Accept,
    failed: @escaping (Int32) -> Void
  ) throws(AddressError) {
    self.loop = loop
    self.accept = accept
    self.failed = failed
    var error: Int32 = 0
    let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe handle = unsafe cloop_listen(loop.handle, host, port, backlog, owner, &error)
    if unsafe handle == nil { throw AddressError(host: host, port: port, code: error) }
  }

  /// The port that a server may listen on: `port` itself, or one that is free when it is 0.
  public static func probe(host: String, port: UInt16) throws(AddressError) -> UInt16 {
    let result = unsafe cloop_port_probe(host, port)
    guard result >= 0 else { throw AddressError(host: host, port: port, code: result) }
    return UInt16(truncatingIfNeeded: result)
  }

  /// Stops listening; on the loop's thread.
  public func close() {
    if let handle = unsafe handle { unsafe cloop_unlisten(handle) }
    unsafe handle = nil
  }

  func accepted(_ fd: Int32) {
    guard let connection = Connection.open(fd: fd, on: loop) else { return }
    loop.counters.connectionsOpened &+= 1
    accept(connection)
  }

  func acceptFailed(_ error: Int32) {
    loop.counters.connectionsShed &+= 1
    failed(error)
  }
}

/// Why an address cannot be listened on.
public struct AddressError: Error, CustomStringConvertible {
  public let host: String
  public let port: UInt16
  let code: Int32

  public var description: String {
    "cannot listen on \(host):\(port): \(errorText(code))"
  }
}

/// What the system says of an error.
func errorText(_ code: Int32) -> String { unsafe String(cString: cloop_error_text(code)) }
