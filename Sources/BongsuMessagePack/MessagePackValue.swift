public import NIOCore

/// A MessagePack value as a tree.
public enum MessagePackValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Beyond what `integer` can hold; equal values are equal only if that rule is kept.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case binary(ByteBuffer)
  case array([MessagePackValue])
  /// Members in their order; of those with the same name the last one counts.
  case map([Member])
  case date(MessagePackDate)
  case extended(type: Int8, ByteBuffer)

  public struct Member: Sendable, Equatable {
    public var key: String
    public var value: MessagePackValue

    public init(_ key: String, _ value: MessagePackValue) {
      self.key = key
      self.value = value
    }
  }

  /// The last member with this name of a map.
  public subscript(_ key: String) -> MessagePackValue? {
    guard case .map(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  // MARK: Bytes

  /// The one value that `bytes` hold; nil when they hold something else, or nest deeper than 128.
  public init?(_ bytes: RawSpan) {
    var reader = MessagePackReader()
    guard let value = try? MessagePackValue(&reader, in: bytes), reader.position == bytes.byteCount else { return nil }
    self = value
  }

  /// Reads the next value.
  public init(
    _ reader: inout MessagePackReader, in bytes: RawSpan, depth: Int = MessagePackReader.maximumDepth
  ) throws(MessagePackError) {
    switch try reader.next(in: bytes) {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .unsigned(let number): self = Int64(exactly: number).map { .integer($0) } ?? .unsigned(number)
    case .negative(let number): self = .integer(number)
    case .float(let number): self = .number(number)
    case .string(let range): self = .string(bytes.string(range))
    case .binary(let range): self = .binary(bytes.buffer(range))
    case .array(let count): self = .array(try Self.elements(count, &reader, bytes, depth))
    case .map(let count): self = .map(try Self.members(count, &reader, bytes, depth))
    case .date(let date): self = .date(date)
    case .extended(let type, let range): self = .extended(type: type, bytes.buffer(range))
    }
  }

  private static func elements(
    _ count: Int, _ reader: inout MessagePackReader, _ bytes: RawSpan, _ depth: Int
  ) throws(MessagePackError) -> [MessagePackValue] {
    guard depth > 0 else { throw .tooDeep }
    var elements: [MessagePackValue] = []
    for _ in 0..<count { elements.append(try MessagePackValue(&reader, in: bytes, depth: depth - 1)) }
    return elements
  }

  private static func members(
    _ count: Int, _ reader: inout MessagePackReader, _ bytes: RawSpan, _ depth: Int
  ) throws(MessagePackError) -> [Member] {
    guard depth > 0 else { throw .tooDeep }
    var members: [Member] = []
    for _ in 0..<count {
      let key = bytes.string(try reader.key(in: bytes))
      members.append(Member(key, try MessagePackValue(&reader, in: bytes, depth: depth - 1)))
    }
    return members
  }

  /// Appends the value. Throws when it nests deeper than 128.
  public func write(
    into output: inout ByteBuffer, depth: Int = MessagePackReader.maximumDepth
  ) throws(MessagePackError) {
    switch self {
    case .null: MessagePackWriter.null(into: &output)
    case .bool(let flag): MessagePackWriter.bool(flag, into: &output)
    case .integer(let number): MessagePackWriter.integer(number, into: &output)
    case .unsigned(let number): MessagePackWriter.unsigned(number, into: &output)
    case .number(let number): MessagePackWriter.number(number, into: &output)
    case .string(let string): MessagePackWriter.string(string, into: &output)
    case .binary(let bytes): MessagePackWriter.binary(bytes.readableBytesSpan, into: &output)
    case .array(let elements):
      guard depth > 0 else { throw .tooDeep }
      MessagePackWriter.arrayHead(count: elements.count, into: &output)
      for element in elements { try element.write(into: &output, depth: depth - 1) }
    case .map(let members):
      guard depth > 0 else { throw .tooDeep }
      MessagePackWriter.mapHead(count: members.count, into: &output)
      for member in members {
        MessagePackWriter.string(member.key, into: &output)
        try member.value.write(into: &output, depth: depth - 1)
      }
    case .date(let date): MessagePackWriter.date(date, into: &output)
    case .extended(let type, let bytes):
      MessagePackWriter.extended(type: type, bytes.readableBytesSpan, into: &output)
    }
  }
}

extension RawSpan {
  fileprivate func buffer(_ range: Range<Int>) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: range.count)
    buffer.writeBytes(extracting(range))
    return buffer
  }
}
