import ArgumentParser
import Bongsu
import Foundation

/// Who may look at the server by the Admin UI of Socket.IO; nobody without these options.
struct AdminUIOptions: ParsableArguments {
  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case production, development
  }

  @Option(
    name: .customLong("admin-user"),
    help: ArgumentHelp("Let the Admin UI of Socket.IO connect, with this name and a password.", valueName: "name"))
  var user: String?

  @Option(
    name: .customLong("admin-password-hash"),
    help: ArgumentHelp(
      "The password's bcrypt hash, in quotes, as `htpasswd -nBC 10 name` prints it behind the name.",
      valueName: "hash"))
  var hash: String?

  @Option(
    name: .customLong("admin-password-hash-file"),
    help: ArgumentHelp("A file with that hash, or with what htpasswd prints.", valueName: "file"))
  var hashFile: String?

  @Flag(
    name: .customLong("admin-unprotected"),
    help: "Let the Admin UI of everybody connect who can reach the server, without a password.")
  var isUnprotected = false

  @Option(
    name: .customLong("admin-namespace"), help: ArgumentHelp("The namespace that it connects to.", valueName: "name"))
  var namespace = "/admin"

  @Option(
    name: .customLong("admin-mode"),
    help: ArgumentHelp(
      """
      What it sees: production, numbers that cost messages nothing; or development, every client, room and event.
      """,
      valueName: "mode"))
  var mode = Mode.production

  @Flag(name: .customLong("admin-read-only"), help: "Let it look, but send, move and disconnect nobody.")
  var isReadOnly = false

  func validate() throws {
    guard hash == nil || hashFile == nil else {
      throw ValidationError("--admin-password-hash and --admin-password-hash-file exclude each other.")
    }
    guard (user != nil) == (hash != nil || hashFile != nil) else {
      throw ValidationError("--admin-user and --admin-password-hash (or --admin-password-hash-file) come together.")
    }
    guard user == nil || !isUnprotected else {
      throw ValidationError("--admin-unprotected is without --admin-user.")
    }
    guard user != nil || isUnprotected || (mode == .production && !isReadOnly) else {
      throw ValidationError("--admin-mode and --admin-read-only need --admin-user.")
    }
  }

  /// Throws ``AdminUIError``, and what reading the file throws.
  func install(on server: Server) throws {
    guard let authentication = try authentication() else { return }
    var admin = AdminUI(authentication)
    admin.namespace = namespace
    admin.mode = mode == .development ? .development : .production
    admin.isReadOnly = isReadOnly
    do { try server.instrument(admin) } catch let error as AdminUIError { throw ValidationError("\(error).") }
  }

  private func authentication() throws -> AdminUI.Authentication? {
    guard let user else { return isUnprotected ? .unprotected : nil }
    let line = try (hashFile.map(contents) ?? hash ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    // htpasswd prints the name and a colon before the hash.
    let hash = line.hasPrefix("\(user):") ? String(line.dropFirst(user.count + 1)) : line
    return .basic(username: user, passwordHash: hash)
  }

  private func contents(of file: String) throws -> String {
    do { return try String(contentsOfFile: file, encoding: .utf8) } catch {
      throw ValidationError("\(file): cannot be read.")
    }
  }
}
