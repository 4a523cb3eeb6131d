public import BongsuBytes

/// What a protocol makes of a connection's events. All calls come on the connection's loop.
public protocol ConnectionDelegate: AnyObject {
  /// Bytes came. They lie in the loop's own receive buffer: they may be changed in place, and what is needed after the
  /// call must be copied.
  func received(_ bytes: inout MutableRawSpan, on connection: Connection)

  /// The peer will send nothing more (FIN). It may still be reading.
  func inputEnded(on connection: Connection)

  /// Everything that was queued has gone to the kernel, after some of it had to wait.
  func drained(_ connection: Connection)

  /// The deadline set with ``Connection/setDeadline(_:)`` has come.
  func deadlineReached(_ now: MonotonicTime, on connection: Connection)

  /// The connection is gone; the last call.
  func closed(_ connection: Connection)
}
