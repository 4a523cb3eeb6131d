extension BroadcastOperator {
  /// Sends the event and calls `ack` with the answers of all clients when they have come: the first argument of each,
  /// in the order of their coming, at once `[]` when there is no client.
  ///
  /// When not all have come in time (``timeout(_:)``), `ack` gets a ``BroadcastAckError`` and the answers so far.
  /// Another error is why the event could not be sent, or a `DecodingError` when an answer is not an `Answer`.
  public func emit<each Argument: Encodable, Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument,
    ack: @escaping @Sendable ((any Error)?, [Answer]) -> Void
  ) {
    collect(event, repeat each arguments) { error, answers in
      do {
        let values = try answers.map { try $0.decodeFirst(Answer.self) }
        ack(error, values)
      } catch { ack(error, []) }
    }
  }

  /// Sends the event and returns the answers of all clients: the first argument of each, in the order of their coming.
  ///
  /// Throws ``BroadcastAckError``, which has the answers so far, when not all have come in time (``timeout(_:)``); why
  /// the event could not be sent; or `DecodingError` when an answer is not an `Answer`.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument
  ) async throws -> [Answer] {
    let answers: [Arguments] = try await withCheckedThrowingContinuation { continuation in
      collect(event, repeat each arguments) { error, answers in
        if let error { continuation.resume(throwing: error) } else { continuation.resume(returning: answers) }
      }
    }
    return try answers.map { try $0.decodeFirst(Answer.self) }
  }

  private func collect<each Argument: Encodable>(
    _ event: String, _ arguments: repeat each Argument,
    completion: @escaping @Sendable ((any Error)?, [Arguments]) -> Void
  ) {
    let packet: Packet
    do { packet = try self.packet(event, repeat each arguments) } catch {
      namespace.report(error)
      return completion(error, [])
    }
    let limits = namespace.limits
    let collector = AckCollector(
      timeout: flags.timeout ?? limits.broadcastAckTime, maximumBytes: limits.broadcastAckBytes
    ) { completion($0, $1) }
    collector.limitTime(on: namespace.memory.hubs)
    let (adapter, namespace) = (self.adapter, self.namespace)
    adapter.broadcastWithAck(packet, to: target, collecting: collector)
    if adapter === namespace.memory { return collector.expect(servers: 1) }
    Task {
      do { collector.expect(servers: try await adapter.serverCount) } catch { namespace.report(error) }
    }
  }
}
