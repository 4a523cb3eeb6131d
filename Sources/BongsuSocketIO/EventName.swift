/// The first element of an event's payload.
public enum EventName: Sendable, Equatable {
  /// The packet had no payload at all; the reference lets that pass.
  case absent
  /// The contents of a string, without the quotes.
  case string(Range<Int>, isEscaped: Bool)
  case number(Double)

  /// The name as handlers are registered under; a number is what JavaScript makes a string of it.
  public func text(in packet: RawSpan) -> String? {
    switch self {
    case .absent: nil
    case .string(let range, isEscaped: false): packet.string(in: range)
    case .string(let range, isEscaped: true): JSONText.string(in: packet, range)
    case .number(let number): JavaScriptNumber.text(number)
    }
  }

  /// Whether the name belongs to the library, so that no peer may send it (Socket.IO 5, EVENT).
  public static func isReserved(_ name: String) -> Bool {
    // Every event on its way out passes here, and to compare strings takes longer than to count their bytes.
    switch name.utf8.count {
    case 7: name == "connect"
    case 10: name == "disconnect"
    case 11: name == "newListener"
    case 13: name == "connect_error" || name == "disconnecting"
    case 14: name == "removeListener"
    default: false
    }
  }

  static func isReserved(_ name: JSONStringRange, in packet: RawSpan) -> Bool {
    if name.isEscaped {
      // An escape takes at most six bytes for one, and the longest reserved name has 14.
      return name.contents.count <= 6 * 14 && isReserved(JSONText.string(in: packet, name.contents))
    }
    // Every event passes here, so no string is made of it.
    return switch name.contents.count {
    case 7: packet.equals("connect", in: name.contents)
    case 10: packet.equals("disconnect", in: name.contents)
    case 11: packet.equals("newListener", in: name.contents)
    case 13:
      packet.equals("connect_error", in: name.contents) || packet.equals("disconnecting", in: name.contents)
    case 14: packet.equals("removeListener", in: name.contents)
    default: false
    }
  }
}
