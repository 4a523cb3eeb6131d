/// An object that is kept alive as long as this is there, and lent without being retained for each use: for what very
/// many deliveries pass by.
@safe
struct Held<Object: AnyObject>: ~Copyable {
  private let reference: Unmanaged<Object>

  init(_ object: Object) { unsafe reference = Unmanaged.passRetained(object) }

  deinit { unsafe reference.release() }

  /// `body` must not end what holds the object, and so call nobody who might.
  @inline(__always)
  func lend<Result>(_ body: (Object) -> Result) -> Result { unsafe reference._withUnsafeGuaranteedRef(body) }
}
