import BongsuBytes
import NIOCore

/// Validating UTF-8 against the standard library: where it only looks, and where it makes a string of what is valid.
@MainActor var texts: [Contest] {
  let scripts = [
    ("ASCII", "The beacon is lit on the mountain; "), ("Korean", "봉수대에 불을 올려라, "), ("emoji", "🔥🏔️🚀🌋"),
  ]
  return [20, 1024, 65_536].flatMap { count in
    scripts.flatMap { script, phrase in
      [
        validating(script, phrase, count, "UTF8Span(validating:)", isSpanValid),
        validating(script, phrase, count, "String(validating:)", isStringValid),
      ]
    }
  }
}

private func validating(
  _ script: String, _ phrase: String, _ count: Int, _ rival: String, _ isValid: @escaping (ByteBuffer) -> Bool
) -> Contest {
  var text = ""
  for character in String(repeating: phrase, count: count) where text.utf8.count < count { text.append(character) }
  let buffer = ByteBuffer(string: text)
  return Contest(
    name: "validate \(buffer.readableBytes) B \(script)", byteCount: buffer.readableBytes,
    ours: { consume(UTF8Validator.isValid(buffer.readableBytesSpan) ? 1 : 0) },
    rival: rival, theirs: { consume(isValid(buffer) ? 1 : 0) })
}

@inline(never)
private func isSpanValid(_ buffer: ByteBuffer) -> Bool {
  (try? UTF8Span(validating: Span<UInt8>(_bytes: buffer.readableBytesSpan))) != nil
}

@inline(never)
private func isStringValid(_ buffer: ByteBuffer) -> Bool {
  unsafe buffer.withUnsafeReadableBytes { unsafe String(validating: $0, as: UTF8.self) != nil }
}
