/// The next piece of a MessagePack value: a scalar, or the head of an array or a map. Ranges count from the start of
/// the bytes that were read.
public enum MessagePackToken: Sendable, Equatable {
  case null
  case bool(Bool)
  /// Zero and above, in whatever form it came.
  case unsigned(UInt64)
  case negative(Int64)
  case float(Double)
  /// Valid UTF-8.
  case string(Range<Int>)
  case binary(Range<Int>)
  /// So many values follow.
  case array(count: Int)
  /// So many pairs of name and value follow.
  case map(count: Int)
  case date(MessagePackDate)
  /// An extension type that is not known here.
  case extended(type: Int8, Range<Int>)
}
