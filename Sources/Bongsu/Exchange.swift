internal import BongsuHTTP
internal import NIOCore

/// One HTTP request and the place of its answer: answers leave in the order of the requests, whenever they are given.
final class Exchange {
  /// Until the connection is gone.
  private weak var connection: HTTPConnection?
  private let keepsAlive: Bool
  private let isHead: Bool
  private let minorVersion: Int
  /// Fields of every answer, whatever it is.
  private let headers: [(String, String)]
  /// How a session's answer is to look.
  var style: PollStyle?
  /// The answer, kept while an earlier request waits.
  private(set) var answer: ByteBuffer?
  /// The connection is to be closed after this answer.
  private(set) var isLast = false
  /// Called when the client is gone before there was an answer.
  var onAbort: (() -> Void)?

  init(_ head: RequestHead, on connection: HTTPConnection, headers: [(String, String)]) {
    self.connection = connection
    self.headers = headers
    keepsAlive = head.keepsAlive
    isHead = head.method == .head
    minorVersion = head.minorVersion
  }

  /// Answers; the second answer to one request is ignored. `close` ends the connection after it.
  func respond(
    _ status: Int, _ headers: [(String, String)] = [], body: ByteBuffer = ByteBuffer(), close: Bool = false
  ) {
    guard answer == nil else { return }
    onAbort = nil
    let keepAlive = keepsAlive && !close && connection?.isDraining != true
    var bytes = ByteBufferAllocator().buffer(capacity: 256 + body.readableBytes)
    HTTPResponse.write(
      status: status, headers: headers + self.headers, body: body, keepAlive: keepAlive, minorVersion: minorVersion,
      head: isHead, into: &bytes)
    answer = bytes
    isLast = !keepAlive
    connection?.answered(self)
  }

  /// Answers with a line of text.
  func respond(_ status: Int, text: String, headers: [(String, String)] = [], close: Bool = false) {
    respond(
      status, [("Content-Type", "text/plain; charset=utf-8")] + headers, body: ByteBuffer(string: text), close: close)
  }

  /// Answers a poll.
  func respond(poll payload: ByteBuffer, isBinary: Bool) {
    guard let answer = style?.answer(payload, isBinary: isBinary) else { return }
    respond(200, answer.headers, body: answer.body)
  }

  /// Answers a poll's POST, as HTML so that no browser offers to save it. Says nothing about the body (Engine.IO 4).
  func respondOK() {
    respond(200, style?.headers([("Content-Type", "text/html")]) ?? [], body: Self.ok)
  }

  private static let ok = ByteBuffer(string: "ok")

  /// The connection is gone.
  func abort() {
    answer = answer ?? ByteBuffer()
    connection = nil
    let onAbort = self.onAbort
    self.onAbort = nil
    onAbort?()
  }
}
