public import NIOCore

/// The head of one request: what it asks for, and what it says about its body and its connection.
///
/// A head is a view of the bytes that were received; texts are made when they are asked for. Bytes of field values
/// that are not UTF-8 become U+FFFD.
public struct RequestHead: Sendable {
  /// The request line, the field lines and the empty line, as received. A slice of the input until `detached()`.
  public private(set) var bytes: ByteBuffer

  private let line: RequestLine
  private let meaning: HeadMeaning
  private let fieldLines: [FieldLine]

  init(bytes: ByteBuffer, line: RequestLine, fields: [FieldLine], meaning: HeadMeaning) {
    self.bytes = bytes
    self.line = line
    self.fieldLines = fields
    self.meaning = meaning
  }

  /// The same head over its own copy of the bytes, so that the receive buffer is free for what comes next.
  public func detached() -> RequestHead {
    var copy = self
    copy.bytes = ByteBuffer(buffer: bytes)
    return copy
  }

  // MARK: Request line

  /// The method.
  public var method: HTTPMethod { line.method }

  /// The method's token as sent.
  public var methodName: String { text(line.methodName) }

  /// 0 for HTTP/1.0, 1 for HTTP/1.1.
  public var minorVersion: Int { line.minorVersion }

  /// The request target as sent.
  public var target: String { text(line.target.whole) }

  /// The path without the query, percent-encoding untouched; `/` for an absolute URI that has none, `*` for
  /// `OPTIONS *`.
  public var path: String { line.target.path.count == 0 ? "/" : text(line.target.path) }

  /// What follows the first `?`, as sent; empty when there is none.
  public var query: String { text(line.target.query) }

  /// The items of the query.
  public var queryItems: QueryItems { QueryItems(slice(line.target.query)) }

  /// The host that is asked, with its port if one was sent: from an absolute URI, else from Host (RFC 9112 §3.2.2).
  public var host: String? { line.target.authority.count == 0 ? self["host"] : text(line.target.authority) }

  // MARK: Message and connection

  /// How the length of the body is known.
  public var framing: BodyFraming { meaning.framing }

  /// Whether the client would send another request on this connection (RFC 9112 §9.3).
  public var keepsAlive: Bool { meaning.keepsAlive }

  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  public var expectsContinue: Bool { meaning.expectsContinue }

  /// Whether Connection has the option `upgrade` and there is an Upgrade field (RFC 9110 §7.8).
  public var wantsUpgrade: Bool { meaning.wantsUpgrade }

  // MARK: Fields

  /// The number of field lines.
  public var fieldCount: Int { fieldLines.count }

  /// All field lines in the order sent, names spelled as sent.
  public var fields: [(name: String, value: String)] {
    fieldLines.map { (text($0.name), text($0.value)) }
  }

  /// The first value of the field, or nil. Names are compared without regard to case.
  public subscript(_ name: String) -> String? {
    for field in fieldLines where isNamed(field, name) { return text(field.value) }
    return nil
  }

  /// All values of the field, one for each line of that name.
  public func values(_ name: String) -> [String] {
    fieldLines.filter { isNamed($0, name) }.map { text($0.value) }
  }

  /// Whether the field, read as a comma-separated list, has the element; both without regard to case.
  public func hasElement(_ element: String, in name: String) -> Bool {
    let span = bytes.readableBytesUInt8Span
    for field in fieldLines where span.equals(ignoringCase: name, in: field.name.bounds) {
      var elements = ListElements(field.value.bounds)
      while let range = elements.next(in: span) {
        if span.equals(ignoringCase: element, in: range) { return true }
      }
    }
    return false
  }

  private func isNamed(_ field: FieldLine, _ name: String) -> Bool {
    field.name.count == name.utf8.count
      && bytes.readableBytesUInt8Span.equals(ignoringCase: name, in: field.name.bounds)
  }

  private func text(_ range: ByteRange) -> String {
    bytes.getString(at: bytes.readerIndex + range.bounds.lowerBound, length: range.count) ?? ""
  }

  private func slice(_ range: ByteRange) -> ByteBuffer {
    bytes.getSlice(at: bytes.readerIndex + range.bounds.lowerBound, length: range.count) ?? ByteBuffer()
  }
}
