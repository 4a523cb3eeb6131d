import CWire

enum Clock {
  /// Nanoseconds of the monotonic clock.
  static var now: UInt64 { wire_now() }
}
