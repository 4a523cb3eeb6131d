import Synchronization
internal import BongsuReactor

/// Sends events to one client in a certain way: `socket.timeout(.seconds(5)).emit("question") { … }`.
///
/// A value: each step returns a new one. For any thread.
public struct SocketEmitter: Sendable {
  private let socket: Socket
  var flags = EmitFlags()

  init(_ socket: Socket) { self.socket = socket }

  private func with(_ change: (inout EmitFlags) -> Void) -> SocketEmitter {
    var copy = self
    change(&copy.flags)
    return copy
  }

  /// Only if the client can take the event at once.
  public var volatile: SocketEmitter { with { $0.isVolatile = true } }

  /// Whether the event is worth compressing, where compression was agreed on.
  public func compress(_ isCompressed: Bool) -> SocketEmitter { with { $0.isCompressed = isCompressed } }

  /// How long the acknowledgement may take.
  public func timeout(_ duration: Duration) -> SocketEmitter { with { $0.timeout = duration } }

  /// Everyone else, in the same way.
  public var broadcast: BroadcastOperator {
    BroadcastOperator(socket.namespace, Target(sender: socket), flags)
  }
  /// Others, in the same way.
  public func to(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// Others, in the same way.
  public func `in`(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// Others, in the same way.
  public func except(_ rooms: String...) -> BroadcastOperator { broadcast.except(rooms) }

  /// Sends an event. One that cannot be sent is reported to ``Configuration/onError``.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do {
      let encoder = try socket.encoder(for: event)
      repeat try encoder.append(each arguments)
      try socket.send(encoder, flags)
    } catch {
      socket.namespace.report(error)
    }
  }

  /// Sends an event and calls `ack` with the client's answer or with ``AckError``, `DecodingError` or the reason why
  /// the event could not be sent; on the socket's loop, or at once.
  public func emit<each Argument: Encodable, Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument, ack: @escaping @Sendable (Result<Answer, any Error>) -> Void
  ) {
    ask(event, repeat each arguments) { result, text in
      ack(
        Result {
          let answer = try result.get()
          var decoder = ArgumentDecoder(answer.arguments, attachments: answer.attachments, ack: Ack())
          return try decoder.next(Answer.self, in: text)
        })
    }
  }

  /// Sends an event and waits for the client's answer; see ``Socket/emitWithAck(_:_:timeout:)``.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      emit(event, repeat each arguments) { (answer: Result<Answer, any Error>) in continuation.resume(with: answer) }
    }
  }

  /// Hears what became of the question, once.
  func ask<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument,
    handler: @escaping @Sendable (Result<IncomingAck, any Error>, RawSpan) -> Void
  ) {
    let (socket, flags) = (self.socket, self.flags)
    let id = socket.namespace.memory.ackIDs.add(1, ordering: .relaxed).oldValue
    do {
      let namespace = socket.namespace
      let encoded = try EncodedEvent.encoding(event, repeat each arguments, namespace: namespace, ackID: id)
      let take: AckHandler = { result, text in handler(result.mapError { $0 }, text) }
      socket.onLoop {
        if let error = socket.expectAck(id, timeout: flags.timeout, take) { return take(.failure(error), RawSpan()) }
        socket.askNow(encoded, flags)
      }
    } catch {
      socket.namespace.report(error)
      handler(.failure(error), RawSpan())
    }
  }
}
