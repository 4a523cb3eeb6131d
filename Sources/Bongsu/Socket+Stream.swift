internal import BongsuReactor
internal import BongsuSession
internal import BongsuSocketIO

/// What becomes of events that come faster than they are taken.
public enum EventBuffering: Sendable, Equatable {
  /// So many wait; when another comes, the oldest is lost.
  case newest(Int)
  /// So many wait; what comes then is lost.
  case oldest(Int)
  /// So many may wait; a client that sends more is taken out of the namespace.
  case disconnecting(over: Int)
}

extension Socket {
  /// The arguments of each event of this name from now on, for `for await`; it ends when the client leaves. What cannot
  /// be decoded is reported to ``Configuration/onError`` and passed over.
  ///
  /// `for await (x, y) in socket.events("moved", of: Int.self, Int.self) { … }`
  ///
  /// - Parameters:
  ///   - event: the name.
  ///   - types: of the arguments.
  ///   - buffering: how many events may wait, and what happens to more.
  public func events<each Argument: Decodable & Sendable>(
    _ event: String, of types: repeat (each Argument).Type, buffering: EventBuffering = .newest(64)
  ) -> AsyncStream<(repeat each Argument)> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: (repeat each Argument).self, bufferingPolicy: buffering.policy())
    let listener = add(event, isOnce: false) { socket, event, text in
      var decoder = ArgumentDecoder(event.payload.arguments, attachments: event.attachments, ack: event.ack)
      let result = continuation.yield((repeat try decoder.next((each Argument).self, in: text)))
      if case .dropped = result, case .disconnecting = buffering { socket.disconnect() }
    }
    let end = add("disconnect", isOnce: true) { _, _, _ in continuation.finish() }
    continuation.onTermination = { [self] _ in
      off(event, listener)
      off("disconnect", end)
    }
    onLoop { [self] in if isGone { continuation.finish() } }
    return stream
  }
}

extension EventBuffering {
  fileprivate func policy<Element>() -> AsyncStream<Element>.Continuation.BufferingPolicy {
    switch self {
    case .newest(let count): .bufferingNewest(max(1, count))
    case .oldest(let count), .disconnecting(over: let count): .bufferingOldest(max(1, count))
    }
  }
}
