import ArgumentParser
import Bongsu

/// Certificates: with them `bongsu serve` speaks HTTPS and WSS.
struct TLSOptions: ParsableArguments {
  @Option(
    name: .customLong("tls-cert"),
    help: ArgumentHelp(
      "A certificate chain in PEM form; may be repeated, the name a client asks for decides. "
        + "Read again on SIGHUP and when it changes.",
      valueName: "file"))
  var certificates: [String] = []

  @Option(
    name: .customLong("tls-key"),
    help: ArgumentHelp("The private key of the certificate in the same place.", valueName: "file"))
  var keys: [String] = []

  @Option(
    name: .customLong("tls-client-ca"),
    help: ArgumentHelp("Let in only clients with a certificate by one of these authorities.", valueName: "file"))
  var authorities: String?

  @Flag(name: .customLong("tls-client-optional"), help: "Let in clients without a certificate, too.")
  var isOptional = false

  @Option(
    name: .customLong("tls-ticket-period"),
    help: ArgumentHelp(
      "How long a key for session tickets is used; it is accepted for two such periods more.", valueName: "s"))
  var ticketPeriod = 3600

  var isOn: Bool { !certificates.isEmpty }

  func validate() throws {
    guard certificates.count == keys.count else {
      throw ValidationError("--tls-cert and --tls-key come in pairs.")
    }
    if authorities != nil, !isOn { throw ValidationError("--tls-client-ca needs --tls-cert and --tls-key.") }
    if isOptional, authorities == nil { throw ValidationError("--tls-client-optional needs --tls-client-ca.") }
    guard (1...Int(Int32.max)).contains(ticketPeriod) else {
      throw ValidationError("--tls-ticket-period takes a number from 1 to \(Int32.max).")
    }
    if ticketPeriod != 3600, !isOn { throw ValidationError("--tls-ticket-period needs --tls-cert and --tls-key.") }
  }

  var configuration: TLSConfiguration? {
    guard isOn else { return nil }
    var configuration = TLSConfiguration(
      certificates: zip(certificates, keys).map { .init(chainFile: $0, keyFile: $1) })
    configuration.ticketPeriod = .seconds(ticketPeriod)
    if let authorities {
      configuration.clientCertificates =
        isOptional ? .optional(authoritiesFile: authorities) : .required(authoritiesFile: authorities)
    }
    return configuration
  }
}
