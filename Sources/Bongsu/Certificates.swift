internal import BongsuReactor
internal import FoundationEssentials
internal import Logging
import NIOConcurrencyHelpers

/// The certificates that new connections get, and when they change.
final class Certificates: Sendable {
  private struct State {
    var tickets: TLSTickets?
    var context: TLSContext?
    /// The contents of all files, as a hash: when they were last used or found useless, and at the last look.
    var tried = 0
    var seen = 0
  }

  private let configuration: TLSConfiguration
  private let log: ServerLog?
  private let onError: @Sendable (any Error) -> Void
  private let state = NIOLockedValueBox(State())

  init(_ configuration: TLSConfiguration, log: ServerLog? = nil, onError: @escaping @Sendable (any Error) -> Void) {
    self.configuration = configuration
    self.log = log
    self.onError = onError
  }

  /// For a connection that begins now; `nil` before ``load()``.
  var context: TLSContext? { state.withLockedValue { $0.context } }

  /// Reads the files and uses them, or says why it cannot.
  func load() throws(CertificateError) {
    guard !configuration.certificates.isEmpty else {
      throw CertificateError(description: "TLS needs a certificate")
    }
    try use(try read())
  }

  /// As ``load()``, but goes on with the certificates there are when it cannot.
  func reload() {
    do throws(CertificateError) { try load() } catch { return onError(error) }
    log?.info("certificates reloaded")
    configuration.onReload()
  }

  /// How often to look whether the files have changed; `nil`: not at all.
  var interval: Duration? { configuration.reloadInterval }

  /// Whether the files have changed and then stayed the same since the last look: a certificate and its key are two
  /// files, and not written at once.
  func haveChanged() -> Bool {
    let hash = try? read().hash
    return state.withLockedValue { state in
      defer { state.seen = hash ?? 0 }
      guard let hash, state.seen == hash, state.tried != hash else { return false }
      // Once is enough, however long trying takes.
      state.tried = hash
      return true
    }
  }

  // MARK: Files

  private struct Files {
    var identities: [TLSIdentity] = []
    var clients = TLSClients.anonymous
    var hash = 0
  }

  private func read() throws(CertificateError) -> Files {
    var files = Files()
    var hasher = Hasher()
    func contents(_ name: String) throws(CertificateError) -> TLSFile {
      guard let data = FileManager.default.contents(atPath: name) else {
        throw CertificateError(description: "\(name): cannot be read")
      }
      hasher.combine([UInt8](data))
      return TLSFile(name: name, contents: [UInt8](data))
    }
    for certificate in configuration.certificates {
      let chain = try contents(certificate.chainFile)
      files.identities.append(TLSIdentity(chain: chain, key: try contents(certificate.keyFile)))
    }
    switch configuration.clientCertificates {
    case .notAsked: break
    case .optional(let file): files.clients = .certified(by: try contents(file), required: false)
    case .required(let file): files.clients = .certified(by: try contents(file), required: true)
    }
    files.hash = hasher.finalize()
    return files
  }

  private func use(_ files: Files) throws(CertificateError) {
    let known = state.withLockedValue { state in
      (state.tried, state.seen) = (files.hash, files.hash)
      return state.tickets
    }
    do throws(TLSError) {
      let tickets = if let known { known } else { try TLSTickets(period: configuration.ticketPeriod) }
      let context = try TLSContext(files.identities, clients: files.clients, tickets: tickets)
      state.withLockedValue { ($0.tickets, $0.context) = (tickets, context) }
    } catch {
      throw CertificateError(description: error.description)
    }
  }
}
