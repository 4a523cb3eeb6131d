/// What the room table knows a room by: the number of its namespace and its name.
public struct RoomKey: Hashable, Sendable {
  /// The number that the server gave to the namespace.
  public let namespace: UInt32

  /// The room's name; `nil` stands for everyone in the namespace, which no name that a client sends can collide with.
  public var name: String? { roomName?.text }

  let roomName: RoomName?

  /// A room. Names are compared byte for byte, without Unicode normalisation.
  public init(namespace: UInt32, name: String) {
    self.namespace = namespace
    roomName = RoomName(name)
  }

  private init(everyoneIn namespace: UInt32) {
    self.namespace = namespace
    roomName = nil
  }

  /// The key under which the table keeps the loops that have any member of the namespace.
  public static func everyone(in namespace: UInt32) -> RoomKey {
    RoomKey(everyoneIn: namespace)
  }
}
