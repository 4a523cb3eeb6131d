/// TLS 1.2 and 1.3 on every connection of a server.
///
/// Files are read when the server starts, again when their contents change, and on ``Server/reloadCertificates()``.
/// Connections keep the certificate they began with; new ones get the new one. New files that cannot be used are
/// reported to ``Configuration/onError`` as a ``CertificateError``, and the certificates before stay.
public struct TLSConfiguration: Sendable {
  /// A certificate and its private key, in files in PEM form.
  public struct Certificate: Sendable {
    /// The server's certificate, then those of the authorities between it and a root.
    public var chainFile: String
    /// The private key of the first of them, without a passphrase.
    public var keyFile: String

    /// A certificate in these files.
    public init(chainFile: String, keyFile: String) {
      self.chainFile = chainFile
      self.keyFile = keyFile
    }
  }

  /// What clients have to show.
  public enum ClientCertificates: Sendable {
    /// Nothing.
    case notAsked
    /// A certificate if they have one. One that is not by these authorities (a file in PEM form) is refused.
    case optional(authoritiesFile: String)
    /// A certificate by one of these authorities (a file in PEM form).
    case required(authoritiesFile: String)
  }

  /// At least one. A client gets the one with the server name it asks for, else the first.
  public var certificates: [Certificate]
  /// Whether clients are asked for certificates.
  public var clientCertificates = ClientCertificates.notAsked
  /// How long a key for session tickets is used for new ones; it is accepted for two such periods more. At least a
  /// second.
  public var ticketPeriod = Duration.seconds(3600)
  /// How often the files are looked at; `nil` for only when asked to.
  public var reloadInterval: Duration? = .seconds(2)
  /// Called when other certificates are in use than before, on any thread.
  public var onReload: @Sendable () -> Void = {}

  /// TLS with these certificates.
  public init(certificates: [Certificate]) { self.certificates = certificates }

  /// TLS with one certificate.
  public init(chainFile: String, keyFile: String) {
    self.init(certificates: [Certificate(chainFile: chainFile, keyFile: keyFile)])
  }
}

/// Why certificates cannot be used.
public struct CertificateError: Error, Sendable, CustomStringConvertible {
  /// One line that names the file and what is wrong with it.
  public let description: String
}
