/// A certificate with what belongs to it.
public struct TLSIdentity: Sendable {
  let chain: TLSFile
  let key: TLSFile

  /// - Parameters:
  ///   - chain: the server's certificate, then those of the authorities between it and a root, in PEM form.
  ///   - key: the private key of the first certificate in PEM form, without a passphrase.
  public init(chain: TLSFile, key: TLSFile) {
    self.chain = chain
    self.key = key
  }
}

/// The contents of a file, and its name for whoever has to mend it.
public struct TLSFile: Sendable {
  let name: String
  let contents: [UInt8]

  /// A file that has been read already.
  public init(name: String, contents: [UInt8]) {
    self.name = name
    self.contents = contents
  }
}

/// What clients have to prove.
public struct TLSClients: Sendable {
  let authorities: TLSFile?
  let areRequired: Bool

  /// Nothing.
  public static let anonymous = TLSClients(authorities: nil, areRequired: false)

  /// Who has a certificate shows it, and it has to be one of these authorities (in PEM form); with `required` everyone.
  public static func certified(by authorities: TLSFile, required: Bool) -> TLSClients {
    TLSClients(authorities: authorities, areRequired: required)
  }
}

/// Why certificates cannot be used.
public struct TLSError: Error, Sendable, CustomStringConvertible {
  /// One line that names the file and what is wrong with it.
  public let description: String

  /// An error in these words.
  public init(_ description: String) { self.description = description }
}
