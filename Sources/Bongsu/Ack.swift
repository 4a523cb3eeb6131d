internal import BongsuSocketIO
internal import BongsuReactor
import Synchronization

/// Answers an event whose sender asked for an acknowledgement: `ack("done")`. For any thread; only the first answer
/// counts, and without a request it does nothing.
public struct Ack: Sendable {
  private final class Request: Sendable {
    let socket: Socket
    let id: AckID
    let isAnswered = Atomic<Bool>(false)

    init(_ socket: Socket, _ id: AckID) {
      self.socket = socket
      self.id = id
    }
  }

  private let request: Request?

  init(_ socket: Socket, _ id: AckID?) { request = id.map { Request(socket, $0) } }

  /// Of an event that nobody wants acknowledged.
  init() { request = nil }

  /// Whether the sender waits for an answer.
  public var isExpected: Bool { request != nil }

  /// Answers with these values.
  public func callAsFunction<each Value: Encodable>(_ values: repeat each Value) {
    guard let request, !request.isAnswered.exchange(true, ordering: .relaxed) else { return }
    do {
      var encoder = ArgumentEncoder()
      repeat try encoder.append(each values)
      let answer = encoder.ack(request.id, namespace: request.socket.namespace.name)
      request.socket.send(answer)
    } catch {
      request.socket.namespace.report(error)
    }
  }
}

/// So that a handler may declare it like any argument: it takes no argument of the event's own. Elsewhere it cannot be
/// decoded.
extension Ack: Decodable {
  public init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "Ack is an argument of its own, not part of one"))
  }
}

/// Why an acknowledgement that the server asked for will not come.
public enum AckError: Error, Sendable, CustomStringConvertible {
  /// It did not come in time.
  case timedOut
  /// The client is gone.
  case disconnected
  /// The client owes as many acknowledgements as it may (``Limits/pendingAcks``).
  case tooManyPending

  public var description: String {
    switch self {
    case .timedOut: "operation has timed out"
    case .disconnected: "socket has been disconnected"
    case .tooManyPending: "too many acknowledgements are pending"
    }
  }
}
