import CTLS

/// The certificates of a server and what it asks of its clients; made once, shared by all loops, never changed.
/// Sessions keep the one they began with.
@safe
public final class TLSContext: @unchecked Sendable {
  let handle: OpaquePointer
  private let tickets: TLSTickets

  /// - Parameters:
  ///   - identities: chosen by the server name that the client sends; the first is for names of nobody.
  ///   - clients: what clients have to prove.
  ///   - tickets: with those of an earlier context, sessions of that one can be resumed.
  ///   - recordsPerKey: after so many records a connection of TLS 1.3 is encrypted with a new key; at most 2^23.
  public init(
    _ identities: [TLSIdentity], clients: TLSClients = .anonymous, tickets: TLSTickets, recordsPerKey: UInt64 = 1 << 23
  ) throws(TLSError) {
    guard let handle = unsafe ctls_context_open(tickets.handle) else { throw TLSError("out of memory") }
    unsafe ctls_context_limit_keys(handle, recordsPerKey)
    unsafe self.handle = handle
    self.tickets = tickets
    if let authorities = clients.authorities {
      try unsafe Self.check([authorities]) { why in
        unsafe ctls_context_ask_clients(
          handle, authorities.contents, authorities.contents.count, clients.areRequired, why)
      }
    }
    for identity in identities {
      let (chain, key) = (identity.chain, identity.key)
      try unsafe Self.check([chain, key]) { why in
        unsafe ctls_context_add(
          handle, chain.contents, chain.contents.count, key.contents, key.contents.count, why)
      }
    }
  }

  /// Calls C, which writes down what is wrong with which of the files.
  private static func check(
    _ files: [TLSFile], _ body: (UnsafeMutablePointer<CChar>) -> ctls_fault
  ) throws(TLSError) {
    var fault = CTLS_FAULTLESS
    let reason = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CTLS_TEXT_MAX)) { text in
      guard let base = text.baseAddress else { return "" }
      fault = unsafe body(base)
      return fault == CTLS_FAULTLESS ? "" : unsafe String(cString: base)
    }
    guard fault != CTLS_FAULTLESS else { return }
    let file = fault == CTLS_BAD_KEY ? files.last : files.first
    throw TLSError("\(file?.name ?? "TLS"): \(reason)")
  }

  deinit { unsafe ctls_context_close(handle) }
}

/// The keys of session tickets, with which a client resumes a session without the server having kept it. They change
/// by themselves.
@safe
public final class TLSTickets: @unchecked Sendable {
  let handle: OpaquePointer

  /// - Parameter period: how long a key encrypts new tickets; it is accepted for two periods more. Whole seconds.
  public init(period: Duration) throws(TLSError) {
    let seconds = UInt32(clamping: max(1, period.components.seconds))
    guard let handle = unsafe ctls_tickets_open(seconds) else { throw TLSError("no random numbers to be had") }
    unsafe self.handle = handle
  }

  deinit { unsafe ctls_tickets_close(handle) }
}
