import BongsuBytes
import BongsuWebSocket
import NIOCore

/// Reading a client's frame where it lies, and writing one of a server's.
@MainActor var webSocketOperations: [Operation] {
  sizes.map { name, size in decoding(name, size) } + sizes.map { name, size in encoding(name, size) } + [masking]
}

private let sizes = [("32 B", 32), ("1 KiB", 1024), ("64 KiB", 65_536)]

private func decoding(_ name: String, _ size: Int) -> Operation {
  let frame = clientFrame(Array(text(size)))
  var buffer = ByteBuffer(bytes: frame)
  let counter = Counter()
  let limits = WebSocketLimits(messageBytes: 1 << 20, fragments: 1024)
  var decoder = WebSocketDecoder()
  return Operation("websocket: parse and unmask a text of \(name)") {
    // Decoding unmasks in place, so that every second time the text is masked: with this key it is text then, too.
    var bytes = buffer.mutableReadableBytesSpan
    try? decoder.decode(&bytes, limits: limits, into: counter)
    consume(counter.bytes)
  }
}

private func encoding(_ name: String, _ size: Int) -> Operation {
  let message = ByteBuffer(bytes: text(size))
  var output = ByteBuffer()
  return Operation("websocket: write a text of \(name)") {
    output.clear()
    WebSocketEncoder.append(.text, message.readableBytesSpan, to: &output)
    consume(output.readableBytes)
  }
}

private var masking: Operation {
  var buffer = ByteBuffer(bytes: text(1024))
  return Operation("bytes: unmask 1 KiB") {
    var bytes = buffer.mutableReadableBytesSpan
    consume(Int(Masking.apply(0x0102_0301, to: &bytes).key))
  }
}

/// Letters only.
func text(_ size: Int) -> [UInt8] { (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 26) } }

/// Masked with a key that changes no letter into a control character or beyond ASCII.
private func clientFrame(_ payload: [UInt8]) -> [UInt8] {
  let key: [UInt8] = [1, 3, 2, 1]
  let length: [UInt8] =
    switch payload.count {
    case ..<126: [UInt8(payload.count)]
    case ..<65_536: [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
    }
  return [0x81, length[0] | 0x80] + length.dropFirst() + key + payload.indices.map { payload[$0] ^ key[$0 % 4] }
}

private final class Counter: WebSocketEvents {
  var bytes = 0

  func received(_ message: RawSpan, _ kind: MessageKind) -> Bool {
    bytes = message.byteCount
    return true
  }

  func receivedPing(_ payload: RawSpan) -> Bool { true }
  func receivedPong(_ payload: RawSpan) -> Bool { true }
  func receivedClose(code: UInt16?, reason: RawSpan) {}
}
