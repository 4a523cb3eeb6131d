import ArgumentParser
import Bongsu

/// Where Socket.IO clients are served, and which.
struct ClientOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where Socket.IO lives. Clients have to be told, the chat page cannot be: it looks for /socket.io.",
      valueName: "path"))
  var path = "/socket.io"

  @Flag(name: .customLong("allow-eio3"), help: "Serve clients of Socket.IO 1 and 2 (Engine.IO 3) as well.")
  var allowEIO3 = false

  @Option(
    name: .customLong("cors-origin"),
    help: ArgumentHelp(
      """
      An origin whose pages may connect, as https://example.com or https://*.example.com; may be repeated. Pages of \
      other origins are refused then. * lets pages of every origin use long polling.
      """,
      valueName: "origin"))
  var origins: [String] = []

  @Flag(help: "Let pages of these origins send cookies along.")
  var corsCredentials = false

  @Option(
    help: ArgumentHelp(
      "Set a cookie of this name with the session's id, for load balancers that keep a client's requests together.",
      valueName: "name"))
  var cookie: String?

  @Flag(name: .customLong("no-jsonp"), help: "Refuse long polling by script elements.")
  var refusesJSONP = false

  func validate() throws {
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") }) else {
      throw ValidationError("--path takes a path such as /socket.io.")
    }
    if RelayRoutes.paths.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) || path == "/" {
      throw ValidationError("--path \(path) is in use for something else.")
    }
    for origin in origins where !Self.isOrigin(origin) {
      throw ValidationError("--cors-origin takes an origin such as https://example.com, without a path, or *.")
    }
    if corsCredentials, origins.isEmpty || origins.contains("*") {
      throw ValidationError("--cors-credentials needs origins by name (--cors-origin).")
    }
    if let cookie, cookie.isEmpty || !cookie.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !";=,\"".utf8.contains($0) }) {
      throw ValidationError("--cookie takes a name such as io.")
    }
  }

  /// A scheme, a host and perhaps a port, as a browser says it; or all of them.
  private static func isOrigin(_ text: String) -> Bool {
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    return text == "*" || (parts.count == 2 && !parts.contains("") && !parts[1].contains("/"))
  }

  func apply(to configuration: inout Configuration) {
    configuration.engine.path = path
    configuration.engine.allowEIO3 = allowEIO3
    configuration.engine.allowJSONP = !refusesJSONP
    if origins.contains("*") {
      configuration.engine.cors = .any
    } else if !origins.isEmpty {
      configuration.engine.cors = .origins(origins, credentials: corsCredentials)
      configuration.allowedOrigins = Set(origins)
    }
    if let cookie {
      configuration.engine.cookie = SessionCookie()
      configuration.engine.cookie?.name = cookie
    }
  }
}
