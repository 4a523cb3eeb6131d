internal import BongsuBytes
internal import BongsuHTTP
internal import BongsuReactor
internal import NIOCore

/// A connection as long as it speaks HTTP: reads requests, hands them to the hub, sends the answers in order.
final class HTTPConnection: ConnectionDelegate {
  /// A request whose body is still arriving, and who wants it.
  struct Upload {
    var reader: BodyReader
    let complete: (UploadEnd) -> Void
  }

  /// What became of a request's body.
  enum UploadEnd {
    case complete(ByteBuffer)
    case tooLarge
    case aborted
  }

  /// Whether anybody is asked about the next request.
  enum Question {
    case none
    /// Input waits for the answer.
    case asked
    indirect case answered(Screening)
  }

  let hub: Hub
  let connection: Connection
  private var parser: RequestParser
  /// What was received and cannot be used yet.
  private var leftover = ByteBuffer()
  var upload: Upload?
  /// Requests that are not answered, or whose answer waits for an earlier one.
  var exchanges: [Exchange] = []
  /// Input waits until every request so far is answered: the next one goes to another loop or protocol.
  var holdsInput = false
  private var isProcessing = false
  var question: Question

  /// - Parameter screening: what was said about the first request already, on another loop.
  init(_ connection: Connection, hub: Hub, screening: Screening? = nil) {
    self.connection = connection
    self.hub = hub
    question = screening.map { .answered($0) } ?? .none
    parser = RequestParser(limits: hub.limits.http)
    connection.inputFollowsOutput = true
    connection.setDeadline(hub.loop.now + hub.limits.requestTime)
  }

  var isDraining: Bool { hub.isDraining }

  // MARK: Input

  func received(_ bytes: inout MutableRawSpan, on connection: Connection) {
    leftover.writeBytes(bytes.bytes)
    process()
  }

  private func process() {
    guard !isProcessing else { return }
    var input = leftover
    leftover = ByteBuffer()
    process(&input)
    keep(&input)
  }

  private func keep(_ input: inout ByteBuffer) {
    guard connection.isOpen, connection.delegate === self, input.readableBytes > 0 else { return }
    // Bytes that came meanwhile stand behind.
    var rest = ByteBufferAllocator().buffer(capacity: input.readableBytes + leftover.readableBytes)
    rest.writeBuffer(&input)
    rest.writeBuffer(&leftover)
    leftover = rest
  }

  private func process(_ input: inout ByteBuffer) {
    isProcessing = true
    defer { isProcessing = false }
    var isUploading = false
    do throws(HTTPError) {
      while connection.isOpen, connection.delegate === self {
        if upload != nil {
          isUploading = true
          guard try readBody(&input) else { break }
          isWaitingForRest = false
        } else {
          isUploading = false
          guard canTakeRequest, let head = try parser.parse(&input) else { break }
          isWaitingForRest = false
          try take(head, &input)
        }
      }
      if hasEnoughToSend, connection.isWritable { resumeAfterFlush() }
      updateReading()
      updateDeadline(hasInput: input.readableBytes > 0)
    } catch {
      refuse(error, hasUnfinishedUpload: isUploading)
    }
  }

  private var canTakeRequest: Bool {
    !holdsInput && !isAsking && !hasEnoughToSend && exchanges.count < hub.limits.pipelinedRequests
      && !(exchanges.last?.isLast ?? false)
  }

  private var isAsking: Bool { if case .asked = question { true } else { false } }

  /// A client that does not take its answers asks no more questions.
  private var hasEnoughToSend: Bool { connection.queuedBytes > 256 << 10 }

  // MARK: Bodies

  /// Reads the body of the request that is being handled and hands it on once, complete or not.
  func receiveBody(
    _ head: RequestHead, limit: Int, _ complete: @escaping (UploadEnd) -> Void
  ) throws(HTTPError) {
    let reader: BodyReader
    do throws(HTTPError) { reader = try BodyReader(head.framing, limit: limit) } catch {
      complete(.tooLarge)
      throw error
    }
    upload = Upload(reader: reader, complete: complete)
  }

  private func readBody(_ input: inout ByteBuffer) throws(HTTPError) -> Bool {
    guard var upload = upload.take() else { return true }
    do throws(HTTPError) {
      guard let body = try upload.reader.read(&input) else {
        self.upload = upload
        return false
      }
      upload.complete(.complete(body))
      return true
    } catch {
      upload.complete(error == .bodyTooLarge ? .tooLarge : .aborted)
      throw error
    }
  }

  // MARK: Answers

  /// An exchange has its answer: sends those at the head of the queue.
  func answered(_ exchange: Exchange) {
    while let first = exchanges.first, let answer = first.answer {
      exchanges.removeFirst()
      connection.write { $0.writeImmutableBuffer(answer) }
      if first.isLast { return finish() }
    }
    if exchanges.isEmpty { holdsInput = false }
    if !isProcessing { resume() }
  }

  /// What has to be sent may leave at once with this turn.
  private func resumeAfterFlush() {
    let connection = UncheckedReference(value: self)
    hub.loop.submit { connection.value.resume() }
  }

  func resume() {
    guard connection.isOpen, connection.delegate === self else { return }
    process()
  }

  /// Answers a request that is not understood and closes: nobody knows where the next one would begin. Requests before
  /// it that wait for an answer are given up.
  private func refuse(_ error: HTTPError, hasUnfinishedUpload: Bool) {
    guard connection.isOpen, connection.delegate === self else { return }
    if let limit = error.limit { hub.reached(limit, by: connection) }
    // What is wrong belongs to the last request; with one before it unanswered there is no place for an answer.
    let isFirst = exchanges.count == (hasUnfinishedUpload ? 1 : 0)
    if isFirst { connection.write { HTTPResponse.write(error, into: &$0) } }
    finish()
  }

  private func finish() {
    let waiting = exchanges
    exchanges = []
    for exchange in waiting { exchange.abort() }
    connection.finish()
  }

  // MARK: Time and end

  private func updateReading() {
    guard connection.isOpen, connection.delegate === self else { return }
    if canTakeRequest || upload != nil { connection.resumeReading() } else { connection.pauseReading() }
  }

  private func updateDeadline(hasInput: Bool) {
    guard connection.isOpen, connection.delegate === self else { return }
    let limits = hub.limits
    if upload != nil || hasInput && canTakeRequest {
      if !isWaitingForRest { connection.setDeadline(hub.loop.now + limits.requestTime) }
      isWaitingForRest = true
    } else {
      isWaitingForRest = false
      connection.setDeadline(exchanges.isEmpty ? hub.loop.now + limits.keepAliveTime : .never)
    }
  }

  /// A head or body has begun and the clock runs for it; more bytes do not set it back.
  private var isWaitingForRest = false

  func deadlineReached(_ now: MonotonicTime, on connection: Connection) {
    if isWaitingForRest {
      hub.reached(.requestTime, by: connection)
      upload.take()?.complete(.aborted)
      if exchanges.allSatisfy({ $0.answer == nil }) {
        connection.write {
          HTTPResponse.write(
            status: 408, headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: ByteBuffer(string: "The request took too long."), keepAlive: false, into: &$0)
        }
      }
    }
    finish()
  }

  /// The server shuts down: idle connections end now, others after their answer.
  func drain() {
    if exchanges.isEmpty, upload == nil { finish() }
  }

  func inputEnded(on connection: Connection) { finish() }

  func drained(_ connection: Connection) { resume() }

  func closed(_ connection: Connection) {
    upload.take()?.complete(.aborted)
    hub.forget(self)
    let waiting = exchanges
    exchanges = []
    for exchange in waiting { exchange.abort() }
  }
}
