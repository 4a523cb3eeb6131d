import BongsuBytes
import NIOCore

/// Turns a client's bytes into messages (RFC 6455 §5), on the server's side: every frame must be masked.
///
/// A message that lies whole in one frame and in one read is unmasked where it lies and handed on as a view. Only what
/// a read or the sender has cut into pieces is copied. What does not depend on bytes still missing is checked at once:
/// lengths from the header before any payload, text up to the last byte that has come.
///
/// A compressed message (RFC 7692) is inflated when its last byte has come: until then a client makes the server hold
/// what it has sent and not what that may become. The limit on messages holds for both sizes, for the inflated one
/// while it grows.
///
/// It sends nothing: pongs and the answer to a close are for whoever hears of the ping and the close.
public struct WebSocketDecoder {
  private enum Progress {
    /// At the start of a frame that begins a message.
    case idle
    /// Something is in flight.
    case midway(Assembly)
    /// Nothing is decoded any more.
    case ended
  }

  // All that an idle connection keeps of it: what is the same for many is handed over with the bytes.
  private var progress = Progress.idle

  public init() {}

  /// Takes the next bytes from the wire, all of them, and calls `events` for everything they complete. The bytes are
  /// unmasked in place and mean nothing afterwards. `deflate` is the compression that was negotiated, the same in all
  /// calls, as are the `limits`.
  ///
  /// After a close frame, an error, or a handler that returned false, all further bytes are ignored.
  public mutating func decode(
    _ bytes: inout MutableRawSpan, limits: WebSocketLimits, with deflate: PerMessageDeflate? = nil,
    into events: any WebSocketEvents
  ) throws(WebSocketError) {
    var offset = 0
    do throws(WebSocketError) {
      while offset < bytes.byteCount {
        switch progress {
        case .ended: return
        case .idle where try takeWholeMessages(in: &bytes, at: &offset, limits, events): continue
        case .idle, .midway: break
        }
        if let assembly, let frame = assembly.frame {
          try resume(frame, of: assembly, in: &bytes, at: &offset, events, deflate, limits)
        } else if let header = try nextHeader(in: bytes.bytes, at: &offset, mayCompress: deflate != nil) {
          try begin(header, in: &bytes, at: &offset, events, deflate, limits)
        }
      }
    } catch {
      end()
      throw error
    }
  }

  /// Takes whole messages up to the first that is something else; false when that is the first.
  @inline(__always)
  private mutating func takeWholeMessages(
    in bytes: inout MutableRawSpan, at offset: inout Int, _ limits: WebSocketLimits, _ events: any WebSocketEvents
  ) throws(WebSocketError) -> Bool {
    let before = offset
    while let frame = WholeMessage(Span<UInt8>(_bytes: bytes.bytes), at: offset, longest: limits.messageBytes) {
      offset = frame.payload.upperBound
      var payload = bytes._mutatingExtracting(frame.payload)
      let isASCII = Masking.apply(frame.key, to: &payload).isASCII
      if frame.kind == .text, !isASCII, !UTF8Validator.isValid(payload.bytes) { throw .invalidText }
      guard events.received(payload.bytes, frame.kind) else {
        end()
        break
      }
    }
    return offset > before
  }

  /// Reads a header, or puts what there is of it aside.
  private mutating func nextHeader(
    in bytes: RawSpan, at offset: inout Int, mayCompress: Bool
  ) throws(WebSocketError) -> FrameHeader? {
    let octets = Span<UInt8>(_bytes: bytes)
    if assembly?.header.isEmpty != false, let whole = try FrameHeader(octets, at: offset, mayCompress: mayCompress) {
      offset += whole.byteCount
      return whole
    }
    let assembly = openAssembly()
    while offset < octets.count {
      offset += 1
      if let completed = try assembly.header.append(octets[offset - 1], mayCompress: mayCompress) {
        closeAssembly()
        return completed
      }
    }
    return nil
  }

  private mutating func begin(
    _ header: FrameHeader, in bytes: inout MutableRawSpan, at offset: inout Int, _ events: any WebSocketEvents,
    _ deflate: PerMessageDeflate?, _ limits: WebSocketLimits
  ) throws(WebSocketError) {
    if !header.opcode.isControl { try admit(header, limits) }
    guard header.length <= bytes.byteCount - offset else {
      let assembly = openAssembly()
      assembly.frame = OpenFrame(header)
      assembly.beginFrame(header)
      return
    }
    var payload = bytes._mutatingExtracting(offset..<offset + header.length)
    offset += header.length
    let isASCII = Masking.apply(header.key, to: &payload).isASCII
    if header.opcode.isControl {
      try receiveControl(header.opcode, payload.bytes, events)
    } else if header.isFinal, let kind = header.opcode.messageKind {
      if header.isCompressed { return try inflate(payload.bytes, kind, events, deflate, limits) }
      if kind == .text, !isASCII, !UTF8Validator.isValid(payload.bytes) { throw .invalidText }
      receive(payload.bytes, kind, events)
    } else {
      let assembly = openAssembly()
      assembly.beginFrame(header)
      try assembly.message?.append(payload.bytes)
      if header.isFinal { try completeMessage(of: assembly, events, deflate, limits) }
    }
  }

  /// Whether a data frame may come now and may be as long as it says.
  private func admit(_ header: FrameHeader, _ limits: WebSocketLimits) throws(WebSocketError) {
    if case .idle = progress, header.opcode != .continuation, header.length <= limits.messageBytes { return }
    let message = assembly?.message
    guard (header.opcode == .continuation) == (message != nil) else {
      throw message == nil ? .continuationWithoutMessage : .messageInsideMessage
    }
    // A message never holds more than the limit, so the difference is not negative.
    guard header.length <= limits.messageBytes - (message?.bytes.readableBytes ?? 0) else { throw .messageTooLarge }
    guard (message?.frameCount ?? 0) < limits.fragments else { throw .tooManyFragments }
  }

  /// Takes the next piece of a frame that an earlier read began.
  private mutating func resume(
    _ frame: OpenFrame, of assembly: Assembly, in bytes: inout MutableRawSpan, at offset: inout Int,
    _ events: any WebSocketEvents, _ deflate: PerMessageDeflate?, _ limits: WebSocketLimits
  ) throws(WebSocketError) {
    let count = min(frame.missing, bytes.byteCount - offset)
    var piece = bytes._mutatingExtracting(offset..<offset + count)
    offset += count
    let rest = frame.unmasking(&piece)
    assembly.frame = rest
    guard frame.opcode.isControl else {
      try assembly.message?.append(piece.bytes)
      if rest == nil, frame.isFinal { try completeMessage(of: assembly, events, deflate, limits) }
      return
    }
    assembly.control.writeBytes(piece.bytes)
    guard rest == nil else { return }
    let payload = assembly.control
    assembly.control = ByteBuffer()
    closeAssembly()
    try receiveControl(frame.opcode, payload.readableBytesSpan, events)
  }

  private mutating func completeMessage(
    of assembly: Assembly, _ events: any WebSocketEvents, _ deflate: PerMessageDeflate?, _ limits: WebSocketLimits
  ) throws(WebSocketError) {
    guard let message = assembly.message.take() else { return }
    closeAssembly()
    if message.isCompressed {
      return try inflate(message.bytes.readableBytesSpan, message.kind, events, deflate, limits)
    }
    guard message.mayEnd else { throw .invalidText }
    receive(message.bytes.readableBytesSpan, message.kind, events)
  }

  private mutating func inflate(
    _ payload: RawSpan, _ kind: MessageKind, _ events: any WebSocketEvents, _ deflate: PerMessageDeflate?,
    _ limits: WebSocketLimits
  ) throws(WebSocketError) {
    // A header says that a message is compressed only when that was negotiated.
    guard let deflate else { throw .reservedBits }
    try deflate.inflate(payload, kind, limit: limits.messageBytes) { receive($0, kind, events) }
  }

  /// Every message passes here, whether it was a view, an assembly or inflated.
  private mutating func receive(_ message: RawSpan, _ kind: MessageKind, _ events: any WebSocketEvents) {
    if !events.received(message, kind) { end() }
  }

  private mutating func receiveControl(
    _ opcode: Opcode, _ payload: RawSpan, _ events: any WebSocketEvents
  ) throws(WebSocketError) {
    switch opcode {
    case .ping:
      if !events.receivedPing(payload) { end() }
    case .pong:
      if !events.receivedPong(payload) { end() }
    default:
      let code = try CloseFrame.code(of: payload)
      end()
      events.receivedClose(code: code, reason: payload.extracting(droppingFirst: code == nil ? 0 : 2))
    }
  }

  /// What is in flight.
  var assembly: Assembly? {
    if case .midway(let assembly) = progress { assembly } else { nil }
  }

  private mutating func openAssembly() -> Assembly {
    if let assembly { return assembly }
    let opened = Assembly()
    progress = .midway(opened)
    return opened
  }

  private mutating func closeAssembly() {
    if let assembly, assembly.isIdle { progress = .idle }
  }

  private mutating func end() { progress = .ended }
}

extension WebSocketDecoder {
  /// What is true between any two calls; tests ask after each.
  func holdsInvariants(_ limits: WebSocketLimits) -> Bool {
    guard let assembly else { return true }
    let message = assembly.message
    return !assembly.isIdle
      && (assembly.frame == nil || assembly.header.isEmpty)
      && (assembly.frame?.missing ?? 1) > 0
      && (assembly.frame.map { $0.opcode.isControl || message != nil } ?? true)
      && assembly.control.readableBytes <= 125
      && (message?.bytes.readableBytes ?? 0) <= limits.messageBytes
      && (message?.frameCount ?? 1) <= limits.fragments
  }
}
