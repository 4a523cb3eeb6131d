/// What a payload may hold besides bytes, which the transport has counted already. More is an invalid payload.
public struct JSONLimits: Sendable, Equatable {
  /// The deepest nesting that can be asked for.
  public static let maximumDepth = 128

  /// Arrays and objects inside one another, the array of arguments included.
  public var depth: Int {
    get { Int(depthLimit) }
    set { depthLimit = Self.clamp(newValue) }
  }
  /// Arguments of an event or an acknowledgement, of which each takes 8 bytes while the packet is handled.
  public var arguments: Int {
    get { Int(argumentLimit) }
    set { argumentLimit = Int32(clamping: newValue) }
  }

  // Half the width: every client's session keeps its limits.
  private var depthLimit: Int32
  private var argumentLimit: Int32

  public init(depth: Int = Self.maximumDepth, arguments: Int = 65_536) {
    depthLimit = Self.clamp(depth)
    argumentLimit = Int32(clamping: arguments)
  }

  private static func clamp(_ depth: Int) -> Int32 { Int32(min(max(depth, 1), maximumDepth)) }
}
