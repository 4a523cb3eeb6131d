import BongsuWebSocket

/// RFC 6455 §5 read rule by rule from the whole of the bytes, with no thought of speed or of bytes still to come.
struct ObviousFrames {
  private(set) var events: [FrameEvent] = []
  private(set) var error: WebSocketError?

  private let limits: WebSocketLimits
  private var rest: ArraySlice<UInt8>
  private var message: [UInt8]?
  private var kind = MessageKind.text
  private var frames = 0
  private var isOver = false

  init(_ wire: [UInt8], _ limits: WebSocketLimits) {
    self.limits = limits
    rest = wire[...]
    do throws(WebSocketError) {
      while !isOver, try readFrame() {}
    } catch {
      self.error = error
    }
  }

  /// False when there is no whole frame left.
  private mutating func readFrame() throws(WebSocketError) -> Bool {
    guard rest.count >= 2 else { return false }
    let head = Array(rest.prefix(14))
    guard head[0] & 0x70 == 0 else { throw .reservedBits }
    guard let opcode = Opcode(rawValue: head[0] & 15) else { throw .reservedOpcode }
    guard head[1] >= 0x80 else { throw .unmaskedFrame }
    let isFinal = head[0] >= 0x80
    let short = Int(head[1] & 0x7F)
    if opcode.isControl, !isFinal { throw .fragmentedControlFrame }
    if opcode.isControl, short > 125 { throw .oversizedControlFrame }
    let extra = short == 127 ? 8 : short == 126 ? 2 : 0
    guard head.count >= 2 + extra + 4 else { return false }
    let number = head[2..<2 + extra].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if number > UInt64(Int.max) { throw .negativeLength }
    let length = extra == 0 ? short : Int(number)
    if extra == 2, length < 126 { throw .nonMinimalLength }
    if extra == 8, length < 65_536 { throw .nonMinimalLength }
    if !opcode.isControl { try admit(opcode, length) }
    let body = rest.dropFirst(2 + extra + 4)
    guard body.count >= length else { return false }
    let key = head[(2 + extra)..<(2 + extra + 4)]
    let payload = body.prefix(length).enumerated().map { $1 ^ key[key.startIndex + $0 % 4] }
    rest = body.dropFirst(length)
    try take(opcode, isFinal, payload)
    return true
  }

  private func admit(_ opcode: Opcode, _ length: Int) throws(WebSocketError) {
    if opcode == .continuation, message == nil { throw .continuationWithoutMessage }
    if opcode != .continuation, message != nil { throw .messageInsideMessage }
    if length > limits.messageBytes - (message?.count ?? 0) { throw .messageTooLarge }
    if message != nil, frames == limits.fragments { throw .tooManyFragments }
  }

  private mutating func take(_ opcode: Opcode, _ isFinal: Bool, _ payload: [UInt8]) throws(WebSocketError) {
    switch opcode {
    case .ping: events.append(.ping(payload))
    case .pong: events.append(.pong(payload))
    case .close:
      isOver = true
      if payload.count == 1 { throw .truncatedCloseCode }
      let code = payload.isEmpty ? nil : UInt16(payload[0]) * 256 + UInt16(payload[1])
      if let code, !WebSocketCloseCode.isPermitted(code) { throw .invalidCloseCode }
      if !isText(Array(payload.dropFirst(2))) { throw .invalidCloseReason }
      events.append(.close(code, Array(payload.dropFirst(2))))
    case .text, .binary, .continuation:
      if opcode != .continuation { (message, kind, frames) = ([], opcode == .text ? .text : .binary, 0) }
      frames += 1
      let whole = (message ?? []) + payload
      if kind == .text, isFinal ? !isText(whole) : !mayBecomeText(whole) { throw .invalidText }
      message = isFinal ? nil : whole
      if isFinal { events.append(.message(whole, kind)) }
    }
  }
}
