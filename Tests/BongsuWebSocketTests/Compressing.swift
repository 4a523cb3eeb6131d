import NIOCore

@testable import BongsuWebSocket

/// What a server with these settings agrees on with a client that sends these values of `Sec-WebSocket-Extensions`.
func agree(
  _ values: [String], _ settings: DeflateSettings? = DeflateSettings()
) throws(WebSocketHandshakeError) -> DeflateAgreement? {
  let fields: [String: [String]] = [
    "upgrade": ["websocket"], "connection": ["Upgrade"], "sec-websocket-key": ["dGhlIHNhbXBsZSBub25jZQ=="],
    "sec-websocket-version": ["13"], "sec-websocket-extensions": values,
  ]
  return try WebSocketHandshake(isGet: true, minorVersion: 1, deflate: settings) { fields[$0] ?? [] }.deflate
}

extension DeflateSettings {
  /// With context takeover in both directions.
  func keepingContexts() -> DeflateSettings {
    var settings = self
    settings.keepsServerContext = true
    settings.keepsClientContext = true
    return settings
  }
}

/// The compression of a connection whose client offered `offer`.
func compression(
  _ offer: String = "permessage-deflate; client_max_window_bits", threshold: Int = 1, keepsContexts: Bool = false
) throws -> PerMessageDeflate {
  let settings = DeflateSettings(threshold: threshold)
  let used = keepsContexts ? settings.keepingContexts() : settings
  guard let agreement = try agree([offer], used) else { throw WebSocketHandshakeError.extensions }
  return DeflatePool(used).member(agreement)
}

/// The frames that a server wrote: their first bytes and payloads.
func serverFrames(_ buffer: ByteBuffer) -> [(first: UInt8, payload: [UInt8])] {
  var buffer = buffer
  var frames: [(UInt8, [UInt8])] = []
  while let first = buffer.readInteger(as: UInt8.self), let short = buffer.readInteger(as: UInt8.self) {
    let count: Int? =
      switch short {
      case 126: buffer.readInteger(as: UInt16.self).map { Int($0) }
      case 127: buffer.readInteger(as: UInt64.self).map { Int($0) }
      default: Int(short)
      }
    guard let count, let payload = buffer.readBytes(length: count) else { return [] }
    frames.append((first, payload))
  }
  return frames
}

/// What a client reads in frames, with one inflater for all of them as a client with context takeover has it.
func read(_ buffer: ByteBuffer, _ inflater: Inflater, keepsContext: Bool = true) throws -> [[UInt8]] {
  try serverFrames(buffer).map { frame in
    guard frame.first & 0x40 != 0 else { return frame.payload }
    if !keepsContext { inflater.reset() }
    var output = ByteBuffer()
    try inflater.inflate(ByteBuffer(bytes: frame.payload).readableBytesSpan, .binary, limit: 1 << 24, into: &output)
    return Array(output.readableBytesView)
  }
}

/// Deflate data by hand: a block with the fixed codes (RFC 1951 §3.2.6).
struct FixedBlock {
  private(set) var bytes: [UInt8] = []
  private var bitCount = 0

  /// `byte`, at most 143, and then as often 258 copies of it.
  init(_ byte: UInt8, copies: Int) {
    append([0, 1, 0])
    append(code: 0x30 + UInt16(byte), 8)
    for _ in 0..<copies {
      // Length 258 is symbol 285, a distance of one is symbol 0.
      append(code: 0b1100_0101, 8)
      append(code: 0, 5)
    }
    append(code: 0, 7)
    // The header of the empty block that ends a message; the rest of it is left out.
    append([0, 0, 0])
  }

  /// Huffman codes begin with their highest bit.
  private mutating func append(code: UInt16, _ count: UInt16) {
    append((0..<count).reversed().map { UInt8(code >> $0 & 1) })
  }

  private mutating func append(_ bits: [UInt8]) {
    for bit in bits {
      if bitCount % 8 == 0 { bytes.append(0) }
      bytes[bytes.count - 1] |= bit << UInt8(bitCount % 8)
      bitCount += 1
    }
  }
}
