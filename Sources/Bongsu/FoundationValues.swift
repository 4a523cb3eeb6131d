public import BongsuMessagePack
public import FoundationEssentials
internal import NIOCore

/// Foundation's types in MessagePack. What JSON's coder treats specially is treated so here: a `URL` is its text, a
/// `Decimal` a number.
extension Data: MessagePackConvertible {
  public var messagePack: MessagePackValue { .binary(ByteBuffer(bytes: self)) }

  public init?(messagePack: MessagePackValue) {
    guard case .binary(let bytes) = messagePack else { return nil }
    self = Data(bytes.readableBytesView)
  }
}

/// A timestamp. A number is read too, as what `Date` is in JSON: seconds since 2001.
extension Date: MessagePackConvertible {
  public var messagePack: MessagePackValue {
    let whole = timeIntervalSince1970.rounded(.down)
    let nanoseconds = ((timeIntervalSince1970 - whole) * 1e9).rounded()
    let seconds = Int64(exactly: whole).flatMap {
      // Rounding may have made a whole second of it.
      MessagePackDate(seconds: $0, nanoseconds: UInt32(min(nanoseconds, 999_999_999)))
    }
    return seconds.map { .date($0) } ?? .number(timeIntervalSinceReferenceDate)
  }

  public init?(messagePack: MessagePackValue) {
    if case .date(let date) = messagePack {
      self.init(timeIntervalSince1970: Double(date.seconds) + Double(date.nanoseconds) / 1e9)
    } else if let number = Double(messagePack: messagePack) {
      self.init(timeIntervalSinceReferenceDate: number)
    } else {
      return nil
    }
  }
}

extension URL: MessagePackConvertible {
  public var messagePack: MessagePackValue { .string(absoluteString) }

  public init?(messagePack: MessagePackValue) {
    guard case .string(let text) = messagePack, let url = URL(string: text) else { return nil }
    self = url
  }
}

extension Decimal: MessagePackConvertible {
  public var messagePack: MessagePackValue { Double(description).map { .number($0) } ?? .null }

  public init?(messagePack: MessagePackValue) {
    switch messagePack {
    case .integer(let number): self = Decimal(number)
    case .unsigned(let number): self = Decimal(number)
    case .number(let number): self = Decimal(number)
    default: return nil
    }
  }
}
