import BongsuEngineIO
import NIOCore

/// Reading and writing the bodies of long polling.
@MainActor var pollingOperations: [Operation] {
  [
    reading("16 small packets", Array(repeating: #"42["chat","hello, beacon"]"#, count: 16)),
    reading("a packet of 16 KiB", ["4" + String(decoding: text(16_384), as: UTF8.self)]),
    writing,
  ]
}

private func reading(_ name: String, _ packets: [String]) -> Operation {
  let body = ByteBuffer(string: packets.joined(separator: "\u{1E}"))
  return Operation("polling: read \(name)") {
    var reader = PayloadReader()
    var count = 0
    while let packet = reader.next(in: body.readableBytesSpan) {
      guard case .packet(.message, let data) = packet else { return consume(.min) }
      count += data.count
    }
    consume(count)
  }
}

private var writing: Operation {
  let message = ByteBuffer(string: #"2["chat","hello, beacon"]"#)
  var body = ByteBuffer()
  return Operation("polling: write 16 small packets") {
    body.clear()
    for _ in 0..<16 { PayloadWriter.append(.message, message.readableBytesSpan, to: &body) }
    consume(body.readableBytes)
  }
}
