internal import BongsuBytes
public import BongsuMessagePack
public import NIOCore

/// Writes MessagePack as the JSON that JavaScript would make of the same values.
public struct JSONTranscoder {
  /// What becomes of bytes, for which JSON has no form.
  public enum Bytes: Sendable {
    /// They become attachments, and a placeholder stands in the JSON (Socket.IO 5, binary packets).
    case attachments
    /// Base64 in a string.
    case base64
  }

  /// What was written.
  public private(set) var json = ByteBuffer()
  /// What the placeholders in `json` stand for.
  public private(set) var attachments: [ByteBuffer] = []
  private let form: Bytes
  private let maximumAttachments: Int

  /// - Parameter maximumAttachments: values with more bytes in them than these are refused.
  public init(_ form: Bytes, maximumAttachments: Int = .max) {
    self.form = form
    self.maximumAttachments = maximumAttachments
  }

  /// Appends the next `count` values with commas between them: the elements of an array.
  public mutating func append(
    _ count: Int, from reader: inout MessagePackReader, in bytes: RawSpan
  ) throws(MessagePackError) {
    try elements(count, &reader, bytes, MessagePackReader.maximumDepth)
  }

  private mutating func elements(
    _ count: Int, _ reader: inout MessagePackReader, _ bytes: RawSpan, _ depth: Int
  ) throws(MessagePackError) {
    for index in 0..<count {
      if index > 0 { json.writeStaticString(",") }
      try value(&reader, bytes, depth)
    }
  }

  private mutating func value(
    _ reader: inout MessagePackReader, _ bytes: RawSpan, _ depth: Int
  ) throws(MessagePackError) {
    switch try reader.next(in: bytes) {
    case .null: json.writeStaticString("null")
    case .bool(let flag): json.writeStaticString(flag ? "true" : "false")
    case .unsigned(let number): json.writeString(String(number))
    case .negative(let number): json.writeString(String(number))
    case .float(let number): json.writeString(number.isFinite ? JavaScriptNumber.text(number) : "null")
    case .string(let range): JSONText.write(utf8: bytes.extracting(range), into: &json)
    case .binary(let range): try write(bytes.extracting(range))
    case .array(let count):
      guard depth > 0 else { throw .tooDeep }
      json.writeStaticString("[")
      try elements(count, &reader, bytes, depth - 1)
      json.writeStaticString("]")
    case .map(let count): try members(count, &reader, bytes, depth)
    case .date(let date):
      if let text = date.text { JSONText.write(text, into: &json) } else { json.writeStaticString("null") }
    case .extended(let type, let range):
      // notepack.io makes an array of it.
      json.writeString("[\(type),")
      try write(bytes.extracting(range))
      json.writeStaticString("]")
    }
  }

  private mutating func members(
    _ count: Int, _ reader: inout MessagePackReader, _ bytes: RawSpan, _ depth: Int
  ) throws(MessagePackError) {
    guard depth > 0 else { throw .tooDeep }
    json.writeStaticString("{")
    for index in 0..<count {
      if index > 0 { json.writeStaticString(",") }
      JSONText.write(utf8: bytes.extracting(try reader.key(in: bytes)), into: &json)
      json.writeStaticString(":")
      try value(&reader, bytes, depth - 1)
    }
    json.writeStaticString("}")
  }

  private mutating func write(_ bytes: RawSpan) throws(MessagePackError) {
    switch form {
    case .attachments:
      guard attachments.count < maximumAttachments else { throw .tooManyAttachments }
      json.writeString(#"{"_placeholder":true,"num":\#(attachments.count)}"#)
      var attachment = ByteBufferAllocator().buffer(capacity: bytes.byteCount)
      attachment.writeBytes(bytes)
      attachments.append(attachment)
    case .base64:
      json.writeStaticString("\"")
      Base64.encode(bytes, into: &json)
      json.writeStaticString("\"")
    }
  }
}
