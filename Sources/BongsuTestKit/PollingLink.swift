import Bongsu
import FoundationEssentials

/// Engine.IO by long polling, as browsers do it: a GET always waits, and one POST at a time takes what there is to say.
final class PollingLink: EngineLink {
  private let newWire: () -> Wire?
  private let target: String
  private let headers: [(String, String)]
  private let events: EngineLinkEvents
  private var session: String?
  private var gets: RequestWire?
  private var posts: RequestWire?
  private var outbox: [TestMessage] = []
  private var isReading = true
  private var isPolling = false
  private var isPosting = false
  private var isOver = false

  init(_ newWire: @escaping () -> Wire?, target: String, headers: [(String, String)], _ events: EngineLinkEvents) {
    self.newWire = newWire
    self.target = target
    self.headers = headers
    self.events = events
  }

  func open() { poll() }

  func send(_ packets: [TestMessage]) {
    outbox += packets
    post()
  }

  func stopReading() { isReading = false }

  func startReading() {
    isReading = true
    poll()
  }

  func cut(reset: Bool) {
    isOver = true
    for wire in [gets, posts] { wire?.wire.cut(reset: reset) }
  }

  // MARK: Requests

  private var sessionTarget: String { session.map { "\(target)&sid=\($0)" } ?? target }

  private func poll() {
    guard isReading, !isPolling, !isOver else { return }
    gets = gets ?? connect { [self] in gets = nil }
    guard let gets else { return end(.ended) }
    isPolling = true
    gets.send(TestRequest(target: sessionTarget, headers: headers)) { [self] in polled($0) }
  }

  private func post() {
    guard !outbox.isEmpty, !isPosting, !isOver else { return }
    posts = posts ?? connect { [self] in posts = nil }
    guard let posts else { return end(.ended) }
    isPosting = true
    let body = outbox.map(\.payload).joined(separator: "\u{1E}")
    outbox = []
    let request = TestRequest(method: "POST", target: sessionTarget, headers: headers, body: Array(body.utf8))
    posts.send(request) { [self] in posted($0) }
  }

  private func connect(ended: @escaping () -> Void) -> RequestWire? {
    guard let wire = newWire().map({ RequestWire($0) }) else { return nil }
    wire.onEnd = ended
    return wire
  }

  // MARK: Answers

  private func polled(_ answer: RequestWire.Answer) {
    isPolling = false
    guard !isOver, let response = accepted(answer) else { return }
    for text in response.text.split(separator: "\u{1E}", omittingEmptySubsequences: false) {
      guard !isOver else { return }
      let packet = TestMessage(payload: text)
      if session == nil, case .text(let open) = packet { session = EngineOpening(packet: open)?.sid }
      events.received(packet)
      if packet == "1" { return end(.closed(code: nil, reason: "")) }
    }
    poll()
  }

  private func posted(_ answer: RequestWire.Answer) {
    isPosting = false
    guard !isOver, accepted(answer) != nil else { return }
    post()
  }

  private func accepted(_ answer: RequestWire.Answer) -> TestResponse? {
    guard case .response(let response) = answer else {
      end(.ended)
      return nil
    }
    guard response.status == 200 else {
      if session == nil { events.refused(response) } else { end(.refused(status: response.status)) }
      cut(reset: false)
      return nil
    }
    return response
  }

  private func end(_ ending: TestEnding) {
    guard !isOver else { return }
    cut(reset: false)
    events.ended(ending)
  }
}

/// A packet's way through a body (Engine.IO 4, Payload encoding).
extension TestMessage {
  fileprivate init(payload: Substring) {
    guard payload.hasPrefix("b"), let bytes = Data(base64Encoded: String(payload.dropFirst())) else {
      self = .text(String(payload))
      return
    }
    self = .binary([UInt8](bytes))
  }

  fileprivate var payload: String {
    switch self {
    case .text(let text): text
    case .binary(let bytes): "b" + Data(bytes).base64EncodedString()
    }
  }
}
