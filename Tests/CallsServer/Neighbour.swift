import Bongsu
import Foundation
import Loopback
import NIOCore

/// Somebody else's server: it accepts connections, reads what there is to read at once, and hands them over.
enum Neighbour {
  /// Starts both; returns the port of the other.
  static func listen(for io: Server, _ signals: [Int32]) throws -> UInt16 {
    try io.startWithoutPort(closingOn: signals)
    let listener = try LoopbackListener()
    Thread.detachNewThread {
      while let connection = listener.accept() {
        let received = ByteBuffer(bytes: Descriptors.read(connection))
        do { try io.adopt(connection, received: received) } catch { io.configuration.onError(error) }
      }
    }
    return listener.port
  }
}
