import BongsuHTTP
import NIOCore

/// A body and what follows it come out the same however they are cut, and a chunked one as a naive reading has it.
@Sendable func fuzzHTTPBody(_ input: Input) {
  let limit = input.choice & 8 == 0 ? 100_000 : 16
  let framing: BodyFraming = input.choice & 16 == 0 ? .chunked : .length(Int(input.choice >> 3))
  let whole = readBody(framing, limit, [input.wire[...]])
  requireEqual(readBody(framing, limit, input.pieces), whole, "the same at any split")
  requireEqual(readBody(framing, limit, input.wire.map { [$0] }), whole, "the same byte by byte")
  guard case .done(let body, let rest) = whole else { return }
  require(body.count <= limit, "a body has at most the bytes allowed")
  if case .chunked = framing {
    requireEqual(obviousBody(input.wire), whole, "the chunks put together")
  } else {
    requireEqual(body + rest, input.wire, "a body of known length is as sent")
  }
}

private enum Outcome: Equatable {
  case done(body: [UInt8], rest: [UInt8])
  case failed(HTTPError)
  case waiting
}

private func readBody(_ framing: BodyFraming, _ limit: Int, _ pieces: [ArraySlice<UInt8>]) -> Outcome {
  do throws(HTTPError) {
    var reader = try BodyReader(framing, limit: limit)
    var buffer = ByteBuffer()
    for (index, piece) in pieces.enumerated() {
      buffer.writeBytes(piece)
      if let body = try reader.read(&buffer) {
        for later in pieces[(index + 1)...] { buffer.writeBytes(later) }
        return .done(body: Array(body.readableBytesView), rest: Array(buffer.readableBytesView))
      }
      require(buffer.readableBytes == 0, "everything has been taken")
      // What was taken must not be needed any more.
      buffer.clear(minimumCapacity: 0)
    }
    return .waiting
  } catch {
    return .failed(error)
  }
}

/// For bodies that are known to be well-formed: sizes, data, trailers.
private func obviousBody(_ wire: [UInt8]) -> Outcome {
  var rest = wire[...]
  var body: [UInt8] = []
  func line() -> String {
    let end = rest.firstIndex(of: 13) ?? rest.endIndex
    defer { rest = rest[end...].dropFirst(2) }
    return text(rest[..<end])
  }
  while let size = Int(line().prefix { $0.isHexDigit }, radix: 16), size > 0 {
    body += rest.prefix(size)
    rest = rest.dropFirst(size + 2)
  }
  while !line().isEmpty {}
  return .done(body: body, rest: Array(rest))
}
