import BongsuBytes
import NIOCore

/// Validating UTF-8, 1 200 bytes or a little more of each script, and base64.
@MainActor var textOperations: [Operation] {
  [
    validating("ASCII", "The beacon is lit on the mountain; "),
    validating("Korean", "봉수대에 불을 올려라, "),
    validating("emoji", "🔥🏔️🚀🌋"),
    encoding, decoding,
  ]
}

private func validating(_ script: String, _ phrase: String) -> Operation {
  let text = ByteBuffer(string: String(repeating: phrase, count: 1_200 / phrase.utf8.count + 1))
  return Operation("utf8: validate \(text.readableBytes) B of \(script)") {
    consume(UTF8Validator.isValid(text.readableBytesSpan) ? 1 : 0)
  }
}

private var encoding: Operation {
  let bytes = ByteBuffer(bytes: (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 37) })
  var output = ByteBuffer()
  return Operation("base64: encode 1 KiB") {
    output.clear()
    Base64.encode(bytes.readableBytesSpan, into: &output)
    consume(output.readableBytes)
  }
}

private var decoding: Operation {
  let bytes = ByteBuffer(bytes: (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 37) })
  var text = ByteBuffer()
  Base64.encode(bytes.readableBytesSpan, into: &text)
  let encoded = text
  return Operation("base64: decode 1 KiB") { consume(Base64.decode(encoded.readableBytesSpan).readableBytes) }
}
