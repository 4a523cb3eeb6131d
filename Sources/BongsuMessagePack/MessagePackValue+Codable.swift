/// For other coders than MessagePack's own, such as those of JSON: a value is what it stands for, bytes are base64, and
/// dates are text.
extension MessagePackValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? container.decode(UInt64.self) {
      self = .unsigned(number)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let string = try? container.decode(String.self) {
      self = .string(string)
    } else if let elements = try? container.decode([MessagePackValue].self) {
      self = .array(elements)
    } else {
      self = .map(try container.decode([String: MessagePackValue].self).map { Member($0.key, $0.value) })
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .map(let members) = self {
      var container = encoder.container(keyedBy: MessagePackIndex.self)
      for member in members { try container.encode(member.value, forKey: MessagePackIndex(name: member.key)) }
      return
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .null, .map: try container.encodeNil()
    case .bool(let flag): try container.encode(flag)
    case .integer(let number): try container.encode(number)
    case .unsigned(let number): try container.encode(number)
    case .number(let number): try container.encode(number)
    case .string(let string): try container.encode(string)
    case .binary(let bytes), .extended(_, let bytes): try container.encode(bytes)
    case .array(let elements): try container.encode(elements)
    case .date(let date): try container.encode(date.text)
    }
  }
}
