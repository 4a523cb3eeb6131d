internal import BongsuSocketIO
import Synchronization

/// Answers an event whose sender asked for an acknowledgement: `ack("done")`. For any thread; only the first answer
/// counts, and without a request it does nothing.
public struct Ack: Sendable {
  fileprivate final class Request: Sendable {
    enum Sender: Sendable {
      case client(Socket, AckID)
      /// Another server, by its adapter.
      case server(@Sendable (Arguments) -> Void, reporting: @Sendable (any Error) -> Void)
    }

    let sender: Sender
    let isAnswered = Atomic<Bool>(false)

    init(_ sender: Sender) { self.sender = sender }
  }

  private let request: Request?

  init(_ socket: Socket, _ id: AckID?) { request = id.map { Request(.client(socket, $0)) } }

  init(_ answer: (@Sendable (Arguments) -> Void)?, reporting onError: @escaping @Sendable (any Error) -> Void) {
    request = answer.map { Request(.server($0, reporting: onError)) }
  }

  /// Of an event that nobody wants acknowledged.
  init() { request = nil }

  /// Whether the sender waits for an answer.
  public var isExpected: Bool { request != nil }

  /// Answers with these values.
  public func callAsFunction<each Value: Encodable>(_ values: repeat each Value) {
    guard let request, !request.isAnswered.exchange(true, ordering: .relaxed) else { return }
    do {
      switch request.sender {
      case .client(let socket, let id):
        let encoder = socket.takeEncoder()
        repeat try encoder.append(each values)
        try socket.answer(encoder, id)
      case .server(let answer, _):
        // Servers tell each other JSON.
        let encoder = ArgumentEncoder(parser: .default)
        repeat try encoder.append(each values)
        answer(encoder.arguments)
      }
    } catch {
      request.report(error)
    }
  }
}

extension Ack.Request {
  fileprivate func report(_ error: any Error) {
    switch sender {
    case .client(let socket, _): socket.namespace.report(error)
    case .server(_, let onError): onError(error)
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
