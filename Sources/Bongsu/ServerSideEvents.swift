internal import BongsuSocketIO
import NIOConcurrencyHelpers

/// Handlers of the events that other servers tell this one.
struct ServerSideHandlers: Sendable {
  typealias Handler = @Sendable (Arguments, Ack) throws -> Void

  var byName: [String: [Handler]] = [:]
}

extension Namespace {
  /// Tells all other servers of an event. One that cannot be told is reported to ``Configuration/onError``.
  public func serverSideEmit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do {
      try adapter.serverSideEmit(try serverSideEvent(event, repeat each arguments))
    } catch { report(error) }
  }

  /// Tells all other servers of an event and returns the first argument of each one's answer. Throws what the adapter
  /// throws when not all have answered in time.
  public func serverSideEmitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> [Answer] {
    let answers = try await adapter.serverSideEmitWithAck(try serverSideEvent(event, repeat each arguments))
    return try answers.map { try $0.decodeFirst(Answer.self) }
  }

  /// Calls `handler` with the arguments of each event of this name that another server tells this one, on whatever
  /// thread the adapter has. The last argument may be an ``Ack``.
  public func onServerSide<each Argument: Decodable & SendableMetatype>(
    _ event: String, _ handler: @escaping @Sendable (repeat each Argument) throws -> Void
  ) {
    memory.serverSideHandlers.withLockedValue {
      $0.byName[event, default: []].append { arguments, ack in
        try arguments.decode(ack: ack) { decoder, text in
          try handler(repeat try decoder.next((each Argument).self, in: text))
        }
      }
    }
  }

  private func serverSideEvent<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument
  ) throws -> Arguments {
    // The names that the reference's servers use among themselves (namespace.ts).
    guard !["connect", "connection", "new_namespace"].contains(event) else { throw EventError.reservedName(event) }
    let encoder = ArgumentEncoder(event: event, parser: .default)
    repeat try encoder.append(each arguments)
    return encoder.arguments
  }
}

extension MemoryAdapter {
  /// For the adapter: another server tells of an event, its name and its arguments.
  ///
  /// - Parameters:
  ///   - event: as that server's adapter was given it.
  ///   - answer: takes the answer when that server waits for one; called once at most.
  public func receivedServerSide(_ event: Arguments, answer: (@Sendable (Arguments) -> Void)? = nil) {
    guard let (name, rest) = event.splitName() else { return }
    let ack = Ack(answer, reporting: onError)
    for handler in serverSideHandlers.withLockedValue({ $0.byName[name] ?? [] }) {
      do { try handler(rest, ack) } catch { onError(error) }
    }
  }
}
