import Bongsu
import NIOCore

/// A client's connection that asks by HTTP, one request after the other. On the clients' loop.
final class RequestWire {
  enum Answer {
    case response(TestResponse)
    /// The connection ended first.
    case ended
  }

  let wire: Wire
  private var reader = ResponseReader()
  private var waiting: [(Answer) -> Void] = []
  /// The connection is over, and nobody waited for an answer.
  var onEnd: () -> Void = {}

  init(_ wire: Wire) {
    self.wire = wire
    wire.onBytes = { [self] in received($0) }
    wire.onEnd = { [self] in end() }
    wire.open()
  }

  func send(_ request: TestRequest, _ answered: @escaping (Answer) -> Void) {
    waiting.append(answered)
    wire.send(request.bytes)
  }

  /// What came behind an answer that has left HTTP; the wire is free for whatever comes now.
  func leaveHTTP() -> ByteBuffer {
    wire.onBytes = { _ in }
    wire.onEnd = {}
    return reader.rest
  }

  private func received(_ bytes: ByteBuffer) {
    reader.append(bytes)
    do throws(TestKitError) {
      while !waiting.isEmpty, let response = try reader.next() { waiting.removeFirst()(.response(response)) }
    } catch {
      wire.cut()
      end()
    }
  }

  private func end() {
    let waiting = self.waiting
    self.waiting = []
    if waiting.isEmpty { onEnd() }
    for answered in waiting { answered(.ended) }
  }
}
