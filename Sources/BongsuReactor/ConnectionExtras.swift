/// What few connections have at a time. Apart, so that the others pay one word for all of it.
final class ConnectionExtras {
  // Not checked for overlapping accesses, for the same reasons as a connection's own.

  /// What the kernel would not take.
  @safe @exclusivity(unchecked) var backlog: Backlog?
  /// `nil` when bytes go as they are.
  @safe @exclusivity(unchecked) var tls: TLSSession?
  /// Held as long as the descriptor is open, on whatever loop.
  var ticket: AnyObject?

  var isEmpty: Bool { backlog == nil && tls == nil && ticket == nil }
}

extension Connection {
  var backlog: Backlog? {
    get { extras?.backlog }
    set { changeExtras { $0.backlog = newValue } }
  }

  var tls: TLSSession? {
    get { extras?.tls }
    set { changeExtras { $0.tls = newValue } }
  }

  /// Held as long as the descriptor is open, on whatever loop.
  public var ticket: AnyObject? {
    get { extras?.ticket }
    set { changeExtras { $0.ticket = newValue } }
  }

  private func changeExtras(_ change: (ConnectionExtras) -> Void) {
    let extras = self.extras ?? ConnectionExtras()
    change(extras)
    self.extras = extras.isEmpty ? nil : extras
  }
}
