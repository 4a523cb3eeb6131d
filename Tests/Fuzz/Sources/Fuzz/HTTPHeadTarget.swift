import BongsuHTTP
import NIOCore

/// Heads in a row, however they are cut, come out the same, within their limits, and as a naive reading has them.
@Sendable func fuzzHTTPHead(_ input: Input) {
  let limits =
    input.choice & 8 == 0 ? HTTPLimits() : HTTPLimits(headBytes: 200, headerCount: 4, targetBytes: 40)
  let whole = readHeads([input.wire[...]], limits)
  requireEqual(readHeads(input.pieces, limits), whole, "the same at any split")
  requireEqual(readHeads(input.wire.map { [$0] }, limits), whole, "the same byte by byte")
}

/// What became of some bytes: each head in words, then the error.
private func readHeads(_ pieces: [ArraySlice<UInt8>], _ limits: HTTPLimits) -> [String] {
  var parser = RequestParser(limits: limits)
  var buffer = ByteBuffer()
  var results: [String] = []
  for piece in pieces {
    buffer.writeBytes(piece)
    do throws(HTTPError) {
      while let head = try parser.parse(&buffer) {
        check(head, limits)
        results.append(words(head))
      }
      require(buffer.readableBytes <= limits.headBytes, "what waits for more is not larger than a head")
      require(parser.isInsideHead || buffer.readableBytes <= 1, "what waits is part of a head")
    } catch {
      require((400...599).contains(error.status) && !error.message.isEmpty, "an answer for \(error)")
      return results + ["\(error)"]
    }
  }
  return results
}

private func words(_ head: RequestHead) -> String {
  let line = "\(head.methodName) \(head.target) 1.\(head.minorVersion) \(head.path) \(head.query)"
  let meaning = "\(head.framing) \(head.keepsAlive) \(head.expectsContinue) \(head.wantsUpgrade)"
  return "\(line) \(head.host ?? "-") \(meaning) \(head.fields) \(Array(head.queryItems))"
}

private func check(_ head: RequestHead, _ limits: HTTPLimits) {
  let bytes = Array(head.bytes.readableBytesView)
  require(bytes.count <= limits.headBytes, "a head has at most the bytes allowed")
  require(head.fieldCount <= limits.headerCount, "and at most the lines allowed")
  require(head.target.utf8.count <= limits.targetBytes, "and a target of at most the bytes allowed")
  require(bytes.suffix(4) == [13, 10, 13, 10], "a head ends with an empty line")
  requireEqual(words(head.detached()), words(head), "a copy is like the original")
  let lines = split(bytes.dropLast(4))
  requireEqual(lines.first.map(text), "\(head.methodName) \(head.target) HTTP/1.\(head.minorVersion)", "request line")
  requireEqual(lines.count - 1, head.fieldCount, "a field for every line")
  for (line, field) in zip(lines.dropFirst(), head.fields) {
    let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    requireEqual(field.name, text(parts[0]), "a field's name")
    requireEqual(field.value, text(trimmed(parts.dropFirst().first ?? [])), "a field's value")
    require(head.values(field.name).contains(field.value), "a field is found by its name")
    require(head[field.name.uppercased()] == head.values(field.name).first, "whatever the case")
    require(!field.name.isEmpty && !field.name.contains { " \t:\r\n".contains($0) }, "a name is a token")
  }
  require(!bytes.contains(0) && lines.allSatisfy { !$0.contains(13) && !$0.contains(10) }, "no stray controls")
  _ = head.hasElement("upgrade", in: "connection")
  _ = head.ifNoneMatch(names: "\"tag\"")
}

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

private func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  var value = value.drop { $0 == 32 || $0 == 9 }
  while let last = value.last, last == 32 || last == 9 { value.removeLast() }
  return value
}

/// The lines, taking every CRLF for the end of one.
private func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
  var lines: [ArraySlice<UInt8>] = []
  var start = bytes.startIndex
  for index in bytes.indices where bytes[index] == 13 && bytes[(index + 1)...].first == 10 {
    lines.append(bytes[start..<index])
    start = index + 2
  }
  return lines + [bytes[start...]]
}
