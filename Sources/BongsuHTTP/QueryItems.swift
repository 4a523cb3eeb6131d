public import NIOCore

/// The items of a query, read as the WHATWG URL Standard reads `application/x-www-form-urlencoded`: `+` is a
/// space, percent-decoding is lenient, what is not UTF-8 becomes U+FFFD, and an item without `=` has an empty value.
///
/// Items are decoded when they are asked for.
public struct QueryItems: Sequence, Sendable {
  private let bytes: ByteBuffer

  /// The items of a query given without its `?`.
  public init(_ query: String) {
    bytes = ByteBuffer(string: query)
  }

  /// The items of the query that the buffer's readable bytes are, given without its `?`.
  public init(_ query: ByteBuffer) {
    bytes = query
  }

  /// The value of the last item of that name, or nil.
  public subscript(_ name: String) -> String? {
    let span = bytes.readableBytesUInt8Span
    var cursor = Cursor()
    var last: Range<Int>?
    while let item = cursor.next(in: span) {
      if FormBytes(item.name, plusIsSpace: true).spells(name, in: span) { last = item.value }
    }
    return last.map { FormBytes($0, plusIsSpace: true).text(in: bytes.readableBytesUInt8Span) }
  }

  /// The items in the order sent, repeated names included.
  public func makeIterator() -> Iterator { Iterator(bytes: bytes) }

  /// Decodes one item after the other.
  public struct Iterator: IteratorProtocol {
    fileprivate let bytes: ByteBuffer
    private var cursor = Cursor()

    fileprivate init(bytes: ByteBuffer) {
      self.bytes = bytes
    }

    /// The next item, or nil after the last.
    public mutating func next() -> (name: String, value: String)? {
      let bytes = bytes
      let span = bytes.readableBytesUInt8Span
      guard let item = cursor.next(in: span) else { return nil }
      let name = FormBytes(item.name, plusIsSpace: true).text(in: span)
      return (name, FormBytes(item.value, plusIsSpace: true).text(in: span))
    }
  }

  /// Finds where items begin and end. Empty ones, as in `a=1&&b=2`, are passed over.
  private struct Cursor {
    private var position = 0

    mutating func next(in bytes: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
      while position < bytes.count, bytes[position] == UInt8(ascii: "&") { position += 1 }
      guard position < bytes.count else { return nil }
      let start = position
      var equals: Int?
      while position < bytes.count, bytes[position] != UInt8(ascii: "&") {
        if equals == nil, bytes[position] == UInt8(ascii: "=") { equals = position }
        position += 1
      }
      guard let equals else { return (start..<position, position..<position) }
      return (start..<equals, equals + 1..<position)
    }
  }
}
