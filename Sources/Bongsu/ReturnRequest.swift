internal import BongsuSocketIO
internal import NIOCore

/// What a client that was here before says in its request to join (reference: `Socket._sendConnectPacket`).
struct ReturnRequest {
  let pid: String
  /// The last argument of the last event that it was sent, if that was a string; nil when there was no such event.
  let offset: String?

  /// Nil when the client was not here before. Both members are strings, but a client that has no offset yet has none.
  init?(_ auth: ByteBuffer) {
    let json = auth.readableBytesSpan
    guard let object = JSONValue(in: json, at: 0..<json.byteCount),
      let pid = object.member("pid", in: json)?.string(in: json)
    else { return nil }
    self.pid = pid
    guard let offset = object.member("offset", in: json), offset.kind != .null else {
      self.offset = nil
      return
    }
    guard let text = offset.string(in: json) else { return nil }
    self.offset = text
  }
}
