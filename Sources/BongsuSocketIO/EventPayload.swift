/// The payload of an event: its name and where its arguments are.
public struct EventPayload: Sendable {
  public let name: EventName
  /// What follows the name.
  public let arguments: ArgumentList

  /// - Parameters:
  ///   - name: the event's.
  ///   - arguments: those of any packet: an event that is not told by its packet's name.
  public init(name: EventName, arguments: ArgumentList) {
    self.name = name
    self.arguments = arguments
  }
}
