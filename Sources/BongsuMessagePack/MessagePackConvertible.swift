public import NIOCore

/// A type with a MessagePack form of its own, which the coders use instead of its `Codable` form.
public protocol MessagePackConvertible: Codable {
  var messagePack: MessagePackValue { get }
  /// Nil when it is not such a value.
  init?(messagePack: MessagePackValue)
}

extension Bool: MessagePackConvertible {
  public var messagePack: MessagePackValue { .bool(self) }

  public init?(messagePack: MessagePackValue) {
    guard case .bool(let flag) = messagePack else { return nil }
    self = flag
  }
}

extension String: MessagePackConvertible {
  public var messagePack: MessagePackValue { .string(self) }

  public init?(messagePack: MessagePackValue) {
    guard case .string(let string) = messagePack else { return nil }
    self = string
  }
}

extension ByteBuffer: MessagePackConvertible {
  public var messagePack: MessagePackValue { .binary(self) }

  public init?(messagePack: MessagePackValue) {
    guard case .binary(let bytes) = messagePack else { return nil }
    self = bytes
  }
}

extension MessagePackConvertible where Self: BinaryFloatingPoint {
  public var messagePack: MessagePackValue { .number(Double(self)) }

  public init?(messagePack: MessagePackValue) {
    switch messagePack {
    case .number(let number): self = Self(number)
    case .integer(let number): self = Self(number)
    case .unsigned(let number): self = Self(number)
    default: return nil
    }
  }
}

extension MessagePackConvertible where Self: FixedWidthInteger {
  public var messagePack: MessagePackValue {
    Int64(exactly: self).map { .integer($0) } ?? UInt64(exactly: self).map { .unsigned($0) } ?? .number(Double(self))
  }

  /// A number without a fraction is an integer, as in JSON.
  public init?(messagePack: MessagePackValue) {
    let number: Self? =
      switch messagePack {
      case .integer(let number): Self(exactly: number)
      case .unsigned(let number): Self(exactly: number)
      case .number(let number): Self(exactly: number)
      default: nil
      }
    guard let number else { return nil }
    self = number
  }
}

extension Double: MessagePackConvertible {}
extension Float: MessagePackConvertible {}
extension Int: MessagePackConvertible {}
extension Int8: MessagePackConvertible {}
extension Int16: MessagePackConvertible {}
extension Int32: MessagePackConvertible {}
extension Int64: MessagePackConvertible {}
extension UInt: MessagePackConvertible {}
extension UInt8: MessagePackConvertible {}
extension UInt16: MessagePackConvertible {}
extension UInt32: MessagePackConvertible {}
extension UInt64: MessagePackConvertible {}

extension MessagePackValue: MessagePackConvertible {
  public var messagePack: MessagePackValue { self }

  public init?(messagePack: MessagePackValue) { self = messagePack }
}
