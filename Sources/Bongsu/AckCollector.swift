internal import BongsuBytes
internal import BongsuReactor
internal import NIOCore
import NIOConcurrencyHelpers

/// Collects the answers to one broadcast from the clients of all servers. For any thread.
public final class AckCollector: Sendable {
  typealias Completion = @Sendable (BroadcastAckError?, [Arguments]) -> Void

  private struct State {
    var expectedServers: Int?
    var servers = 0
    var clients = 0
    var answers: [Arguments] = []
    var bytes = 0
    /// Until it is over.
    var completion: Completion?

    var isComplete: Bool { expectedServers == servers && answers.count >= clients }
  }

  /// How long the clients may take.
  public let timeout: Duration
  private let maximumBytes: Int
  private let state: NIOLockedValueBox<State>

  init(timeout: Duration, maximumBytes: Int = .max, _ completion: @escaping Completion) {
    self.timeout = timeout
    self.maximumBytes = maximumBytes
    state = NIOLockedValueBox(State(completion: completion))
  }

  /// A server has sent the event to so many clients. Once for each server, this one included.
  public func counted(clients: Int) {
    change { state in
      state.servers += 1
      state.clients += clients
    }
  }

  /// A client has answered; of its arguments only the first is kept. What goes beyond
  /// ``Limits/broadcastAckBytes`` counts as not answered.
  public func answered(_ answer: Arguments) {
    let first = answer.onlyFirst
    let count = first.byteCount
    change { state in
      guard count <= maximumBytes - state.bytes else { return }
      state.bytes += count
      state.answers.append(first)
    }
  }

  /// How many servers there are to wait for.
  func expect(servers: Int) {
    change { $0.expectedServers = servers }
  }

  /// The time is over: what has not come until now does not count.
  func end() {
    let (completion, answers) = state.withLockedValue { state in
      defer { state = State() }
      return (state.completion, state.answers)
    }
    completion?(BroadcastAckError(responses: answers), answers)
  }

  private func change(_ body: (inout State) -> Void) {
    let (completion, answers) = state.withLockedValue { state -> (Completion?, [Arguments]) in
      guard state.completion != nil else { return (nil, []) }
      body(&state)
      guard state.isComplete else { return (nil, []) }
      defer { state = State() }
      return (state.completion, state.answers)
    }
    completion?(nil, answers)
  }

  /// Ends the wait on a loop of these, unless it has ended before.
  func limitTime(on hubs: Hubs) {
    guard let loop = (hubs.current.map { HubReference($0) } ?? hubs.list.first)?.loop else { return }
    loop.submit { [self] in _ = loop.schedule(AckDeadline(self), at: loop.now + timeout) }
  }
}

/// The end of the wait for a broadcast's answers.
private final class AckDeadline: TimerTarget {
  private let collector: AckCollector

  init(_ collector: AckCollector) { self.collector = collector }

  func deadlineReached(_ now: MonotonicTime) { collector.end() }
}

/// Not all clients have acknowledged a broadcast in time.
public struct BroadcastAckError: Error, Sendable, CustomStringConvertible {
  /// What those have answered that did: the first argument of each.
  public let responses: [Arguments]

  public var description: String { "operation has timed out" }

  /// ``responses`` as values. Throws `DecodingError`.
  public func responses<Answer: Decodable>(as type: Answer.Type) throws -> [Answer] {
    try responses.map { try $0.decodeFirst(type) }
  }
}

extension Arguments {
  /// The first argument, or `null` when there is none.
  func decodeFirst<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try decode { decoder, text in try decoder.next(type, in: text) }
  }
}
