import CWire

/// One or more equal messages, ready to be sent together. Each carries the time it was due: "#" and 16 digits.
struct Message {
  private(set) var bytes: [UInt8] = []
  private var stamps: [Int] = []

  private static let marker = UInt8(ascii: "#")
  private static let stampBytes = 16

  /// `size` counts the payload without what Socket.IO puts around it.
  init(_ target: Target, copies: Int = 1) {
    var payload = Array(target.event.map { "42[\($0),\"" } ?? "").map(\.asciiValue!)
    let stamp = payload.count + 1
    payload.append(Self.marker)
    payload += Array(repeating: UInt8(ascii: "0"), count: Self.stampBytes)
    payload += (payload.count..<(stamp - 1 + target.size)).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    if target.event != nil { payload += Array("\"]".utf8) }
    var frame = Array(repeating: UInt8(0), count: payload.count + Int(WIRE_FRAME_OVERHEAD))
    let count = unsafe wire_frame(&frame, payload, payload.count)
    for copy in 0..<copies {
      bytes += frame[..<count]
      stamps.append(copy * count + count - payload.count + stamp)
    }
    maskPhase = stamp & 3
  }

  private let maskPhase: Int

  mutating func stamp(_ time: UInt64) {
    for start in stamps {
      for digit in 0..<Self.stampBytes {
        let value = UInt8(truncatingIfNeeded: time >> UInt64(60 - 4 * digit)) & 15
        bytes[start + digit] = (value < 10 ? 48 + value : 87 + value) ^ Self.mask[(maskPhase + digit) & 3]
      }
    }
  }

  private static let mask: [UInt8] = [wire_mask.0, wire_mask.1, wire_mask.2, wire_mask.3]

  /// The time a received message carries; 0 when it carries none.
  static func due(in head: UnsafeRawBufferPointer) -> UInt64 {
    var index = 0
    while index < head.count, unsafe head[index] != marker { index += 1 }
    guard index + stampBytes < head.count else { return 0 }
    var time: UInt64 = 0
    for offset in 1...stampBytes {
      let digit = unsafe head[index + offset]
      time = time << 4 | UInt64(digit < 58 ? digit &- 48 : digit &- 87)
    }
    return time
  }
}
