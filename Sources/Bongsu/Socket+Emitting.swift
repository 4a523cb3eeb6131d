internal import BongsuReactor
internal import BongsuSocketIO
internal import NIOCore

extension Socket {
  /// Sends an event to this client. An event that cannot be sent, by its name or its arguments, is reported to
  /// ``Configuration/onError``.
  public func emit<each Argument: Encodable>(_ event: String, _ arguments: repeat each Argument) {
    do {
      // Not by a `SocketEmitter`: to hand arguments on is to copy them.
      let encoder = try encoder(for: event)
      repeat try encoder.append(each arguments)
      try send(encoder, EmitFlags())
    } catch {
      namespace.report(error)
    }
  }

  /// As the general form, at less cost: for what passes on all that came.
  public func emit(_ event: String, _ arguments: Arguments) {
    do {
      let encoder = try encoder(for: event)
      try encoder.append(arguments)
      try send(encoder, EmitFlags())
    } catch {
      namespace.report(error)
    }
  }

  /// Sends an event and calls `ack` with the client's answer, on the socket's loop. An answer that is not what `ack`
  /// declares is reported to ``Configuration/onError``.
  public func emit<each Argument: Encodable, each Answer: Decodable & SendableMetatype>(
    _ event: String, _ arguments: repeat each Argument, ack: @escaping @Sendable (repeat each Answer) -> Void
  ) {
    let namespace = self.namespace
    SocketEmitter(self).ask(event, repeat each arguments) { result, text in
      guard let answer = try? result.get() else { return }
      var decoder = ArgumentDecoder(answer.arguments, attachments: answer.attachments, ack: Ack())
      do { ack(repeat try decoder.next((each Answer).self, in: text)) } catch { namespace.report(error) }
    }
  }

  /// Sends an event and waits for the client's answer, for ever or until it is gone when there is no `timeout`. Throws
  /// ``AckError``, ``EventError``, what encoding an argument throws, or `DecodingError` when the answer is not an
  /// `Answer`.
  public func emitWithAck<each Argument: Encodable, Answer: Decodable & Sendable>(
    _ event: String, _ arguments: repeat each Argument, timeout: Duration? = nil
  ) async throws -> Answer {
    var emitter = SocketEmitter(self)
    emitter.flags.timeout = timeout
    return try await emitter.emitWithAck(event, repeat each arguments)
  }

  /// Sends the event `message`.
  public func send<each Argument: Encodable>(_ arguments: repeat each Argument) {
    emit("message", repeat each arguments)
  }

  /// The same as ``send(_:)``.
  public func write<each Argument: Encodable>(_ arguments: repeat each Argument) {
    emit("message", repeat each arguments)
  }

  // MARK: How

  /// This client, if it can take an event at once; or whom its `to`, `except` and `broadcast` choose.
  public var volatile: SocketEmitter { SocketEmitter(self).volatile }

  /// Whether the next event is worth compressing, where compression was agreed on.
  public func compress(_ isCompressed: Bool) -> SocketEmitter { SocketEmitter(self).compress(isCompressed) }

  /// How long the next event's acknowledgement may take.
  public func timeout(_ duration: Duration) -> SocketEmitter { SocketEmitter(self).timeout(duration) }

  // MARK: Others

  /// Everyone in the namespace but this client.
  public var broadcast: BroadcastOperator { BroadcastOperator(namespace, Target(sender: self)) }
  /// Everyone on this server but this client.
  public var local: BroadcastOperator { broadcast.local }
  /// Those in the room (or with that socket id), but not this client.
  public func to(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// Those in one of the rooms, but not this client.
  public func to(_ rooms: [String]) -> BroadcastOperator { broadcast.to(rooms) }
  /// The same as ``to(_:)-(String...)``.
  public func `in`(_ rooms: String...) -> BroadcastOperator { broadcast.to(rooms) }
  /// The same as ``to(_:)-([String])``.
  public func `in`(_ rooms: [String]) -> BroadcastOperator { broadcast.to(rooms) }
  /// Everyone but this client and those in the rooms.
  public func except(_ rooms: String...) -> BroadcastOperator { broadcast.except(rooms) }
  /// Everyone but this client and those in one of the rooms.
  public func except(_ rooms: [String]) -> BroadcastOperator { broadcast.except(rooms) }

  // MARK: On the loop

  /// Sends an event; now when called on the loop.
  func send(_ event: EncodedEvent, _ flags: EmitFlags) {
    guard loop.isCurrent else { return onLoop { [self] in send(event, flags) } }
    if !keepAndSend(event, flags) { sendNow(event, flags) }
  }

  private func sendNow(_ event: EncodedEvent, _ flags: EmitFlags) {
    guard !isGone else { return }
    if let extras, !extras.outgoing.isEmpty { tell(extras.outgoing, of: event) }
    if flags.isVolatile, !holder.isWritable { return }
    holder.send(event, of: self, isCompressed: flags.isCompressed)
  }

  /// Sends an event whose acknowledgement somebody waits for: it is not dropped for a slow reader.
  func askNow(_ event: EncodedEvent, _ flags: EmitFlags) {
    guard !isGone else { return }
    if let extras, !extras.outgoing.isEmpty { tell(extras.outgoing, of: event) }
    if flags.isVolatile, !holder.isWritable { return }
    holder.sendAlways(event, isCompressed: flags.isCompressed)
  }

  /// Sends an acknowledgement.
  func answer(_ ack: EncodedEvent) {
    onLoop { [self] in if !isGone { holder.sendAlways(ack) } }
  }
}
