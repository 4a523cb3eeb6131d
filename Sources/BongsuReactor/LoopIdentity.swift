import CLoop

/// Which loop it is, as a value: to ask whether its thread is the caller's takes no hold on the loop.
@safe
public struct LoopIdentity: @unchecked Sendable {
  /// Compared, and never looked into.
  private let owner: UnsafeMutableRawPointer

  init(_ reference: LoopReference) { unsafe owner = Unmanaged.passUnretained(reference).toOpaque() }

  /// Whether the caller runs on the loop's thread.
  public var isCurrent: Bool { unsafe cloop_current() == owner }
}

extension Loop {
  /// Whether the caller runs on this loop's thread.
  public var isCurrent: Bool { identity.isCurrent }

  /// The loop whose thread the caller runs on.
  public static var current: Loop? {
    guard let owner = unsafe cloop_current() else { return nil }
    return unsafe Unmanaged<LoopReference>.fromOpaque(owner).takeUnretainedValue().loop
  }
}
