internal import FoundationEssentials
internal import NIOCore

extension JSONBytes {
  /// The value that the text stands for. Throws `DecodingError`.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
  }
}
