import BongsuBytes
import NIOCore

/// The validator fails at the first byte after which no valid text is possible, however the text is cut, and says that
/// the text may end exactly where the standard library agrees.
@Sendable func fuzzUTF8(_ input: Input) {
  var validator = UTF8Validator()
  var seen: [UInt8] = []
  for piece in input.pieces {
    let isPossible = validator.append(ByteBuffer(bytes: piece).readableBytesSpan)
    seen += piece
    requireEqual(isPossible, mayBecomeText(seen), "possible so far: \(seen)")
    requireEqual(isPossible && validator.isComplete, isText(seen), "complete: \(seen)")
  }
  requireEqual(UTF8Validator.isValid(ByteBuffer(bytes: input.wire).readableBytesSpan), isText(input.wire), "as a whole")
}

func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

/// Whether some continuation makes it text: at most three bytes are missing, and each range that one of them may be
/// confined to holds one of these.
func mayBecomeText(_ bytes: [UInt8]) -> Bool {
  // All but an unfinished sequence at the end has to be text as it is.
  for missing in 0...3 {
    for first in [0x80, 0x90, 0xA0] as [UInt8] {
      if isText(bytes + Array([first, 0x80, 0x80].prefix(missing))) { return true }
    }
  }
  return false
}
