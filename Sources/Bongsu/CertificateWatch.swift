internal import BongsuBytes
internal import BongsuReactor

/// Looks at the certificates' files every now and then. On a loop, where reading a few kilobytes takes some
/// microseconds: a thread of its own would cost every system call of a server that has no other.
final class CertificateWatch: TimerTarget {
  private let certificates: Certificates
  private let interval: Duration
  private unowned let loop: Loop

  /// `nil` when nobody wants it.
  init?(_ certificates: Certificates, on loop: Loop) {
    guard let interval = certificates.interval else { return nil }
    self.certificates = certificates
    self.interval = max(.milliseconds(1), interval)
    self.loop = loop
  }

  func begin() { _ = loop.schedule(self, at: loop.now + interval) }

  func deadlineReached(_ now: MonotonicTime) {
    if certificates.haveChanged() {
      // Checking keys takes milliseconds.
      Task.detached { [certificates] in certificates.reload() }
    }
    begin()
  }
}
