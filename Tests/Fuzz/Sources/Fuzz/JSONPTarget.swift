import BongsuBytes
import BongsuEngineIO
import BongsuHTTP
import Foundation
import NIOCore

/// Whatever a form says, its payload is read; and what a script says is the payload that it was made of.
@Sendable func fuzzJSONP(_ input: Input) {
  let form = QueryItems(ByteBuffer(bytes: input.wire))["d"] ?? ""
  let payload = JSONP.unescapingLineBreaks(ByteBuffer(string: form).readableBytesSpan)
  requireEqual(String(buffer: payload), obviousPayload(form), "the payload")

  let text = String(decoding: input.wire, as: UTF8.self)
  let script = String(buffer: JSONP.script(index: String(input.choice), ByteBuffer(string: text).readableBytesSpan))
  let head = "___eio[\(input.choice)]("
  require(script.hasPrefix(head) && script.hasSuffix(");"), "a call")
  let argument = script.dropFirst(head.count).dropLast(2)
  let value = try? JSONSerialization.jsonObject(with: Data(argument.utf8), options: .fragmentsAllowed) as? String
  require(value.map { $0.utf8.elementsEqual(text.utf8) } ?? false, "the argument is the payload")
  let forbidden = ["<", "\u{2028}", "\u{2029}"].map { Array($0.utf8) }
  let bytes = Array(argument.utf8)
  for word in forbidden {
    require(!bytes.indices.contains { bytes[$0...].starts(with: word) }, "nothing ends the script")
  }
  require(bytes.allSatisfy { $0 >= 0x20 }, "no control characters")
}

/// The reference's two replacements, one character after the other.
private func obviousPayload(_ form: String) -> String {
  var payload: [UInt8] = []
  var slashes = 0
  for byte in form.utf8 {
    if byte == UInt8(ascii: "\\") {
      slashes += 1
      continue
    }
    let isBreak = byte == UInt8(ascii: "n") && slashes > 0
    payload += [UInt8](repeating: UInt8(ascii: "\\"), count: isBreak ? slashes - 1 : slashes)
    payload.append(isBreak && slashes == 1 ? UInt8(ascii: "\n") : byte)
    slashes = 0
  }
  return String(decoding: payload + [UInt8](repeating: UInt8(ascii: "\\"), count: slashes), as: UTF8.self)
}
