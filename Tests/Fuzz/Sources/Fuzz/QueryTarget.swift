import BongsuHTTP
import NIOCore

/// The items of a query are what a naive reading has, from a buffer, from a string and one by one.
@Sendable func fuzzQuery(_ input: Input) {
  let items = QueryItems(ByteBuffer(bytes: input.wire)).map { Item(name: $0.name, value: $0.value) }
  let obvious = input.wire.split(separator: UInt8(ascii: "&")).map { piece in
    let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    return Item(name: decoded(parts[0]), value: decoded(parts.dropFirst().first ?? []))
  }
  requireEqual(items, obvious, "as a naive reading has it")
  let query = QueryItems(ByteBuffer(bytes: input.wire))
  for name in Set(items.map(\.name)) where !name.unicodeScalars.contains("\u{FFFD}") {
    requireEqual(query[name], items.last { Array($0.name.utf8) == Array(name.utf8) }?.value, "the last item of a name")
  }
  if let string = String(validating: input.wire, as: UTF8.self) {
    requireEqual(QueryItems(string).map { Item(name: $0.name, value: $0.value) }, items, "the same from a string")
  }
}

private struct Item: Equatable {
  let name: String
  let value: String
}

private func decoded(_ bytes: ArraySlice<UInt8>) -> String {
  var result: [UInt8] = []
  var rest = bytes
  while let byte = rest.popFirst() {
    let digits = text(rest.prefix(2))
    if byte == UInt8(ascii: "%"), digits.utf8.count == 2, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      result.append(UInt8(digits, radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    } else {
      result.append(byte == UInt8(ascii: "+") ? 32 : byte)
    }
  }
  return text(result)
}
