internal import BongsuMessagePack
internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

extension Notation {
  /// A value in this notation as JSON, with any bytes in base64. It was found valid before; nil if it is not.
  func json(_ value: RawSpan) -> ByteBuffer? {
    guard self == .messagePack else { return ByteBuffer(value) }
    var reader = MessagePackReader()
    var transcoder = JSONTranscoder(.base64)
    do throws(MessagePackError) { try transcoder.append(1, from: &reader, in: value) } catch { return nil }
    return transcoder.json
  }
}
