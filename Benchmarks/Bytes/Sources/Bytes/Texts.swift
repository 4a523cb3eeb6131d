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

/// As many texts behind one another as fit into a read.
private func validating(
  _ script: String, _ phrase: String, _ length: Int, _ rival: String, _ isValid: @escaping (RawSpan) -> Bool
) -> Contest {
  var text = ""
  for character in String(repeating: phrase, count: length) where text.utf8.count < length { text.append(character) }
  let byteCount = text.utf8.count
  let texts = max(1, 65_536 / byteCount)
  let buffer = ByteBuffer(string: String(repeating: text, count: texts))
  return Contest(
    name: "validate \(byteCount) B \(script)", byteCount: byteCount, callsEach: texts,
    ours: { consume(count(texts, of: byteCount, in: buffer, where: UTF8Validator.isValid)) },
    rival: rival, theirs: { consume(count(texts, of: byteCount, in: buffer, where: isValid)) })
}

@inline(never)
private func count(_ texts: Int, of byteCount: Int, in buffer: ByteBuffer, where isValid: (RawSpan) -> Bool) -> Int {
  let bytes = buffer.readableBytesSpan
  var valid = 0
  for index in 0..<texts where isValid(bytes.extracting(index * byteCount..<index * byteCount + byteCount)) {
    valid += 1
  }
  return valid
}

@inline(never)
private func isSpanValid(_ bytes: RawSpan) -> Bool {
  (try? UTF8Span(validating: Span<UInt8>(_bytes: bytes))) != nil
}

@inline(never)
private func isStringValid(_ bytes: RawSpan) -> Bool {
  unsafe bytes.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) != nil }
}
