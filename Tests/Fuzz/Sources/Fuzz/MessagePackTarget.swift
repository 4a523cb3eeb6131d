import BongsuMessagePack
import BongsuSocketIO
import Foundation
import NIOCore

/// Both readers agree about what is MessagePack; what is comes back from its shortest form and is JSON when translated.
@Sendable func fuzzMessagePack(_ input: Input) {
  let bytes = ByteBuffer(bytes: input.wire)
  var reader = MessagePackReader()
  var isValue = false
  do throws(MessagePackError) {
    try reader.skipValue(in: bytes.readableBytesSpan)
    isValue = reader.position == bytes.readableBytes
  } catch {
    require(reader.position <= bytes.readableBytes, "nothing is read behind the end")
  }
  let value = MessagePackValue(bytes.readableBytesSpan)
  requireEqual(value != nil, isValue, "both readers say the same")
  guard let value else { return }
  writeAgain(value)
  translate(bytes)
}

private func write(_ value: MessagePackValue) -> ByteBuffer {
  var output = ByteBuffer()
  do throws(MessagePackError) { try value.write(into: &output) } catch { require(false, "\(error) when written") }
  return output
}

/// Not the values but their bytes are compared: not a number is not equal to itself.
private func writeAgain(_ value: MessagePackValue) {
  let short = write(value)
  guard let again = MessagePackValue(short.readableBytesSpan) else { return require(false, "it comes in again") }
  requireEqual(write(again), short, "the same bytes")
  let encoded = try? MessagePackEncoder.encode(value)
  requireEqual(encoded.map(write), short, "a value encodes as itself")
}

private func translate(_ bytes: ByteBuffer) {
  for form in [JSONTranscoder.Bytes.attachments, .base64] {
    var reader = MessagePackReader()
    var transcoder = JSONTranscoder(form)
    do throws(MessagePackError) {
      try transcoder.append(1, from: &reader, in: bytes.readableBytesSpan)
    } catch { require(false, "\(error) when translated") }
    require(ObviousJSON.accepts(Array(transcoder.json.readableBytesView)), "this is JSON")
    require(form == .attachments || transcoder.attachments.isEmpty, "base64 needs no attachments")
    let back = MessagePackValue(json: transcoder.json.readableBytesSpan, attachments: transcoder.attachments)
    let isDeep = JSONShape(Array(transcoder.json.readableBytesView)[...]).depth > 127
    require(back != nil || isDeep, "JSON comes back")
  }
}
