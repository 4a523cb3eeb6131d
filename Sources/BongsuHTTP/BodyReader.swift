public import NIOCore

/// Takes the body of one request from a connection's input.
public struct BodyReader: Sendable {
  private enum State: Sendable {
    case length(remaining: Int)
    case chunked(ChunkedFraming)
  }

  private var state: State
  private let limit: Int
  private var collected = ByteBuffer()
  /// Whether `collected` is a slice of the input, to be copied before the input is let go.
  private var isBorrowed = false

  /// A reader for the body that follows a head.
  ///
  /// - Parameters:
  ///   - framing: what the head says.
  ///   - limit: the bytes a body may have, chunk framing not counted.
  /// - Throws: `HTTPError.bodyTooLarge` when the head announces more, before any of it has come.
  public init(_ framing: BodyFraming, limit: Int) throws(HTTPError) {
    self.limit = max(limit, 0)
    switch framing {
    case .none:
      state = .length(remaining: 0)
    case .length(let count):
      guard count <= self.limit else { throw .bodyTooLarge }
      state = .length(remaining: max(count, 0))
    case .chunked:
      state = .chunked(ChunkedFraming())
    }
  }

  /// Reads on.
  ///
  /// A body that lies whole in the input, as bytes of a known length or as one chunk, is handed on as a slice;
  /// what comes in pieces is copied together.
  ///
  /// - Returns: the whole body; nil when more is needed, and then everything in the input has been consumed.
  /// - Throws: `HTTPError`; the connection has no next request then.
  public mutating func read(_ input: inout ByteBuffer) throws(HTTPError) -> ByteBuffer? {
    switch state {
    case .length(let remaining):
      let left = remaining - take(remaining, from: &input)
      state = .length(remaining: left)
      return left == 0 ? finish() : pause()
    case .chunked(var framing):
      let isComplete = try readChunks(&framing, from: &input)
      state = .chunked(framing)
      return isComplete ? finish() : pause()
    }
  }

  private mutating func readChunks(
    _ framing: inout ChunkedFraming, from input: inout ByteBuffer
  ) throws(HTTPError) -> Bool {
    while true {
      let room = limit - collected.readableBytes
      let consumed = try framing.advance(over: input.readableBytesUInt8Span, room: room)
      input.moveReaderIndex(forwardBy: consumed)
      if framing.isComplete { return true }
      if input.readableBytes == 0 { return false }
      framing.tookData(take(framing.dataBytes, from: &input))
    }
  }

  /// Moves up to `count` bytes from the input to the body.
  private mutating func take(_ count: Int, from input: inout ByteBuffer) -> Int {
    let available = min(count, input.readableBytes)
    guard available > 0, let slice = input.readSlice(length: available) else { return 0 }
    if collected.readableBytes == 0, available == count {
      collected = slice
      isBorrowed = true
    } else {
      isBorrowed = false
      collected.writeImmutableBuffer(slice)
    }
    return available
  }

  private mutating func pause() -> ByteBuffer? {
    if isBorrowed { collected = ByteBuffer(buffer: collected) }
    isBorrowed = false
    return nil
  }

  private mutating func finish() -> ByteBuffer {
    defer { collected = ByteBuffer() }
    return collected
  }
}
