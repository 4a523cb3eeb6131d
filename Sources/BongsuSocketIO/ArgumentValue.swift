internal import BongsuMessagePack

/// One argument of a packet, to be looked into, whatever the packet's notation is.
///
/// `packet` is the same bytes in every call.
public struct ArgumentValue: Sendable {
  private enum Form {
    case json(JSONValue)
    case packed(MessagePackValue)
  }

  private let form: Form

  /// Nil if the sender gave fewer arguments.
  public init?(_ index: Int, of arguments: ArgumentList, in packet: RawSpan) {
    guard let range = arguments.argument(index) else { return nil }
    switch arguments.notation {
    case .json:
      guard let value = JSONValue(in: packet, at: range) else { return nil }
      form = .json(value)
    case .messagePack:
      guard let value = MessagePackValue(packet.extracting(range)) else { return nil }
      form = .packed(value)
    }
  }

  private init(_ value: JSONValue) { form = .json(value) }

  private init(_ value: MessagePackValue) { form = .packed(value) }

  /// What kind of value it is in JSON's terms; nil for what JSON does not have.
  public var kind: JSONValue.Kind? {
    switch form {
    case .json(let value): value.kind
    case .packed(.null): .null
    case .packed(.bool(let flag)): flag ? .true : .false
    case .packed(.integer), .packed(.unsigned), .packed(.number): .number
    case .packed(.string): .string
    case .packed(.array): .array
    case .packed(.map): .object
    case .packed(.binary), .packed(.date), .packed(.extended): nil
    }
  }

  public var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  public func string(in packet: RawSpan) -> String? {
    switch form {
    case .json(let value): value.string(in: packet)
    case .packed(.string(let string)): string
    case .packed: nil
    }
  }

  /// Calls `body` with every member of an object, in their order, duplicates included (the last one counts for
  /// JavaScript). Nothing happens for other kinds.
  public func forEachMember(in packet: RawSpan, _ body: (_ key: String, _ value: ArgumentValue) -> Void) {
    switch form {
    case .json(let value): value.forEachMember(in: packet) { body($0, ArgumentValue($1)) }
    case .packed(.map(let members)): for member in members { body(member.key, ArgumentValue(member.value)) }
    case .packed: break
    }
  }

  /// Calls `body` with every element of an array, in their order. Nothing happens for other kinds.
  public func forEachElement(in packet: RawSpan, _ body: (_ element: ArgumentValue) -> Void) {
    switch form {
    case .json(let value): value.forEachElement(in: packet) { body(ArgumentValue($0)) }
    case .packed(.array(let elements)): for element in elements { body(ArgumentValue(element)) }
    case .packed: break
    }
  }
}
