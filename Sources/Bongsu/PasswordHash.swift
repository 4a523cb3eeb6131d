internal import CCrypt

/// A password as it may be kept: what bcrypt makes of it, `$2b$10$…`.
struct PasswordHash: Sendable {
  /// Beyond, a check takes seconds.
  private static var costs: ClosedRange<Int> { 4...15 }
  /// What libcrypt takes (`CRYPT_MAX_PASSPHRASE_SIZE`); bcrypt itself looks at the first 72.
  private static var passwordBytes: Int { 511 }

  private let text: String

  /// `nil` for what is no bcrypt hash, or one that takes too long to check.
  init?(_ text: String) {
    // `$2b$` cost `$`, then 22 characters of salt and 31 of hash. `$2x$` marks hashes of a faulty implementation.
    guard text.utf8.count == 60, text.wholeMatch(of: /\$2[aby]\$[0-9]{2}\$[.\/A-Za-z0-9]{53}/) != nil,
      let cost = Int(text.dropFirst(4).prefix(2)), Self.costs.contains(cost)
    else { return nil }
    self.text = text
  }

  /// Whether this is the password; takes long.
  func matches(_ password: String) -> Bool {
    // A zero byte ends a string in C.
    guard password.utf8.count <= Self.passwordBytes, !password.utf8.contains(0) else { return false }
    return unsafe ccrypt_matches(password, text)
  }
}
