/// Why bytes are not MessagePack that may be passed on.
public enum MessagePackError: Error, Equatable, Sendable {
  /// The bytes end inside a value, or a count is larger than what is left of them.
  case truncated
  /// The byte C1, which begins nothing.
  case unknownFormat
  /// Arrays and maps inside one another, beyond the limit.
  case tooDeep
  /// A string that is not UTF-8.
  case invalidText
  /// A member of a map whose name is not a string: no JSON has it, and most readers refuse it.
  case invalidKey
  /// More values of bytes than whoever reads them takes.
  case tooManyAttachments
}
