import BongsuBytes
import NIOCore

/// What a decoder holds while the bytes of a frame or the fragments of a message are still coming. It lives from the
/// first byte that must be kept to the last that was missing, so that an idle connection owns none.
final class Assembly {
  /// The frame header that has not all come.
  var header = PartialHeader()
  /// The frame whose payload has not all come.
  var frame: OpenFrame?
  /// The message whose frames have not all come.
  var message: OpenMessage?
  /// What has come of a control frame, which may be cut by a read and may stand between two fragments.
  var control = ByteBuffer()

  var isIdle: Bool { frame == nil && message == nil && header.isEmpty }

  /// Counts a frame that cannot be handed on as it lies. A control frame does not concern the message around it.
  func beginFrame(_ header: FrameHeader) {
    guard !header.opcode.isControl else { return }
    if let kind = header.opcode.messageKind { message = OpenMessage(kind, isCompressed: header.isCompressed) }
    message?.beginFrame()
  }
}

/// A frame whose payload was cut by the end of a read.
struct OpenFrame {
  let opcode: Opcode
  let isFinal: Bool
  /// Payload bytes still to come.
  var missing: Int
  /// The masking key, rotated to the next byte's place.
  var key: UInt32

  init(_ header: FrameHeader) {
    (opcode, isFinal, missing, key) = (header.opcode, header.isFinal, header.length, header.key)
  }

  /// Unmasks the payload's next bytes in place.
  ///
  /// - Returns: what is left of the frame after them; nil at its end.
  func unmasking(_ piece: inout MutableRawSpan) -> OpenFrame? {
    guard piece.byteCount < missing else {
      _ = Masking.apply(key, to: &piece)
      return nil
    }
    var rest = self
    rest.key = Masking.apply(key, to: &piece).key
    rest.missing -= piece.byteCount
    return rest
  }
}

/// A message that is put together from pieces.
struct OpenMessage {
  let kind: MessageKind
  let isCompressed: Bool
  private(set) var frameCount = 0
  /// As they came: of a compressed message what is still to be inflated.
  private(set) var bytes = ByteBuffer()
  private var text = UTF8Validator()

  init(_ kind: MessageKind, isCompressed: Bool) {
    self.kind = kind
    self.isCompressed = isCompressed
  }

  /// Whether nothing is wrong with the message if it ends here: text must not end inside a character.
  var mayEnd: Bool { text.isComplete }

  mutating func beginFrame() {
    // Cannot overflow: the limit on fragments is checked before.
    frameCount += 1
  }

  /// Adds an unmasked piece. The buffer grows with what has come, whatever length the frame announced.
  mutating func append(_ piece: RawSpan) throws(WebSocketError) {
    if kind == .text, !isCompressed, !text.append(piece) { throw .invalidText }
    bytes.writeBytes(piece)
  }
}
