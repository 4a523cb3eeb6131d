internal import BongsuSession
internal import BongsuSocketIO
internal import NIOCore

// Arguments that a middleware makes, takes out, puts in or looks at.
//
// Without bytes among them JSON stays JSON, so that what is not touched stays as it was sent. With bytes they become
// MessagePack, where each stands in its argument: what is taken out is not sent on as an attachment that nobody asks
// for.
extension Arguments {
  /// What these values are as arguments; of `Arguments` among them, each is one. Throws what encoding a value throws.
  public init<each Value: Encodable>(_ values: repeat each Value) throws {
    var json = JSONArguments()
    repeat try json.append(each values)
    guard let count = Self.count(json: json.elements) else {
      throw Self.unusable("it is not JSON, or nested too deeply")
    }
    self.init(json.elements, .json, attachments: json.attachments, count: count)
  }

  /// One of them, counted from 0; one that is not there reads as `null`. Throws `DecodingError` when it is not a
  /// `Value`.
  public func decode<Value: Decodable>(at index: Int, as type: Value.Type = Value.self) throws -> Value {
    try decode { decoder, text in
      decoder.skip(index < 0 ? count : index)
      return try decoder.next(type, in: text)
    }
  }

  /// Puts a value in the place of an argument. Behind the last one `null` fills what is between, as in JavaScript.
  /// Throws `EncodingError`, also for a place that no event may have.
  public mutating func set(_ index: Int, to value: some Encodable) throws {
    try splice(index, removing: 1, inserting: try Arguments(value))
  }

  /// Adds a value behind the last argument. Throws `EncodingError`.
  public mutating func append(_ value: some Encodable) throws {
    try splice(count, removing: 0, inserting: try Arguments(value))
  }

  /// Puts a value in front of an argument; behind the last one, as ``set(_:to:)``. Throws `EncodingError`.
  public mutating func insert(_ value: some Encodable, at index: Int) throws {
    try splice(index, removing: 0, inserting: try Arguments(value))
  }

  /// Takes an argument out; one that is not there was never there.
  public mutating func remove(at index: Int) {
    guard index >= 0, index < count else { return }
    // Fewer of what was good before.
    try? splice(index, removing: 1, inserting: Arguments(ByteBuffer(), .json, attachments: [], count: 0))
  }

  // MARK: Both notations

  private mutating func splice(_ index: Int, removing removed: Int, inserting values: Arguments) throws {
    let maximum = JSONLimits().arguments
    guard index >= 0, index < maximum else { throw Self.unusable("no event has an argument \(index)") }
    let isText = notation == .json && values.notation == .json && attached.isEmpty && values.attached.isEmpty
    let notation = isText ? Notation.json : .messagePack
    var pieces = try self.pieces(notation)
    if pieces.count < index {
      let null = notation == .json ? ByteBuffer(string: "null") : ByteBuffer(bytes: [0xC0])
      pieces += Array(repeating: null, count: index - pieces.count)
    }
    pieces.replaceSubrange(index..<min(index + removed, pieces.count), with: try values.pieces(notation))
    let edited = Arguments(pieces.joined(notation), notation, attachments: [], count: pieces.count)
    let found = try? edited.withList { list, _ in list.count }
    guard pieces.count <= maximum, found == pieces.count else {
      throw Self.unusable("there are too many arguments, or one is nested too deeply")
    }
    self = edited
  }

  /// Each argument's bytes.
  private func pieces(_ notation: Notation) throws -> [ByteBuffer] {
    var all = self
    if notation != self.notation {
      guard let packed else { throw Self.unusable("these arguments are not JSON") }
      all = Arguments(packed, .messagePack, attachments: [], count: count)
    }
    return try all.withList { list, text in
      (0..<list.count).compactMap { list.argument($0).map { ByteBuffer(text.extracting($0)) } }
    }
  }

  private static func unusable(_ reason: String) -> EncodingError {
    .invalidValue(Arguments.self, .init(codingPath: [], debugDescription: reason))
  }
}

extension [ByteBuffer] {
  fileprivate func joined(_ notation: Notation) -> ByteBuffer {
    var all = ByteBuffer()
    for piece in self {
      if notation == .json, all.readableBytes > 0 { all.writeStaticString(",") }
      all.writeImmutableBuffer(piece)
    }
    return all
  }
}
