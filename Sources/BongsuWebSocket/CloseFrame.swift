import BongsuBytes

/// The payload of a close frame (RFC 6455 §5.5.1): nothing, or a code of two bytes and a reason in UTF-8.
enum CloseFrame {
  /// What fits into a control frame beside the code.
  static var maximumReasonBytes: Int { 123 }

  /// The code of a received close frame, when all of the frame is as it may be.
  static func code(of payload: RawSpan) throws(WebSocketError) -> UInt16? {
    guard !payload.isEmpty else { return nil }
    guard payload.byteCount >= 2 else { throw .truncatedCloseCode }
    let bytes = Span<UInt8>(_bytes: payload)
    let code = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    guard WebSocketCloseCode.isPermitted(code) else { throw .invalidCloseCode }
    guard UTF8Validator.isValid(payload.extracting(droppingFirst: 2)) else { throw .invalidCloseReason }
    return code
  }

  /// The longest start of `reason` that fits and does not cut a Unicode scalar.
  static func fitting(_ reason: String) -> Substring {
    let utf8 = reason.utf8
    guard utf8.count > maximumReasonBytes else { return reason[...] }
    var end = utf8.index(utf8.startIndex, offsetBy: maximumReasonBytes)
    // The byte after the cut must begin a scalar.
    while utf8[end] & 0xC0 == 0x80 { utf8.formIndex(before: &end) }
    return reason[..<end]
  }
}
