import BongsuBytes
import NIOCore

/// Validating UTF-8 against the standard library.
@MainActor var texts: [Contest] {
  [20, 1024, 65_536].flatMap { count in
    [
      validating("ASCII", "The beacon is lit on the mountain; ", count),
      validating("Korean", "봉수대에 불을 올려라, ", count),
      validating("emoji", "🔥🏔️🚀🌋", count),
    ]
  }
}

private func validating(_ script: String, _ phrase: String, _ count: Int) -> Contest {
  var text = ""
  for character in String(repeating: phrase, count: count) where text.utf8.count < count { text.append(character) }
  let buffer = ByteBuffer(string: text)
  return Contest(
    name: "validate \(buffer.readableBytes) B \(script)", byteCount: buffer.readableBytes,
    ours: { consume(UTF8Validator.isValid(buffer.readableBytesSpan) ? 1 : 0) },
    rival: "UTF8Span(validating:)",
    theirs: { consume(isValidForTheLibrary(buffer) ? 1 : 0) })
}

@inline(never)
private func isValidForTheLibrary(_ buffer: ByteBuffer) -> Bool {
  (try? UTF8Span(validating: Span<UInt8>(_bytes: buffer.readableBytesSpan))) != nil
}
