public import NIOCore

/// Finds request heads at the front of a connection's input.
///
/// A parser serves one connection, request after request. It remembers how far it has read, so a head that comes
/// one byte at a time costs no more than one that comes at once.
public struct RequestParser: Sendable {
  private let limits: HTTPLimits
  private var scan = HeadScan()
  private var emptyLines = 0

  /// A parser for a new connection.
  public init(limits: HTTPLimits = HTTPLimits()) {
    self.limits = limits
  }

  /// Whether some of a head has come, but not all of it.
  public var isInsideHead: Bool { scan.position > 0 }

  /// Takes the next head from the input.
  ///
  /// - Parameter input: all bytes received and not yet consumed; a later call must find the same bytes in front.
  /// - Returns: the head, whose bytes are then consumed; nil when more is needed. Then nothing is consumed, but for
  ///   empty lines in front of the request.
  /// - Throws: `HTTPError`; the connection has no next request then.
  public mutating func parse(_ input: inout ByteBuffer) throws(HTTPError) -> RequestHead? {
    if scan.position == 0 { skipEmptyLines(&input) }
    guard try scan.advance(over: input.readableBytesUInt8Span, within: limits) else { return nil }
    guard let line = scan.requestLine, let bytes = input.readSlice(length: scan.lineStart) else { return nil }
    let head = RequestHead(bytes: bytes, line: line, fields: scan.fields, meaning: scan.meaning)
    scan = HeadScan()
    emptyLines = 0
    return head
  }

  /// Some clients end a body with a CRLF too many, which is to be ignored (RFC 9112 §2.2) within reason.
  private mutating func skipEmptyLines(_ input: inout ByteBuffer) {
    while emptyLines < HTTPLimits.emptyLines, Self.startsWithLineBreak(input) {
      input.moveReaderIndex(forwardBy: 2)
      emptyLines += 1
    }
  }

  private static func startsWithLineBreak(_ input: ByteBuffer) -> Bool {
    let bytes = input.readableBytesUInt8Span
    return bytes.count >= 2 && bytes[0] == ASCII.carriageReturn && bytes[1] == ASCII.lineFeed
  }
}
