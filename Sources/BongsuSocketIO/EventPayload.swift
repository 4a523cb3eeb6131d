/// The payload of an event: its name and where its arguments are.
public struct EventPayload: Sendable {
  public let name: EventName
  /// What follows the name.
  public let arguments: ArgumentList
}
