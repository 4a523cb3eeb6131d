/// What a payload may hold besides bytes, which the transport has counted already. More is an invalid payload.
public struct JSONLimits: Sendable, Equatable {
  /// The deepest nesting that can be asked for.
  public static let maximumDepth = 128

  /// Arrays and objects inside one another, the array of arguments included.
  public var depth: Int {
    didSet { depth = Self.clamp(depth) }
  }
  /// Arguments of an event or an acknowledgement, of which each takes 8 bytes while the packet is handled.
  public var arguments: Int

  public init(depth: Int = Self.maximumDepth, arguments: Int = 65_536) {
    self.depth = Self.clamp(depth)
    self.arguments = arguments
  }

  private static func clamp(_ depth: Int) -> Int {
    min(max(depth, 1), maximumDepth)
  }
}
