import Bongsu

/// How a client comes to the server.
struct Approach: Sendable {
  var transport = Transport.webSocket
  /// Items of the query, as they are written: `a=1&b=2`.
  var query = ""
  var headers: [(String, String)] = []
  /// The server's loop that accepts its connections; `nil` for the next in turn.
  var loop: Int?

  /// Where Engine.IO is spoken.
  func target(_ options: EngineOptions) -> String {
    let path = options.path.hasSuffix("/") ? String(options.path.dropLast()) : options.path
    let items = query.isEmpty ? "" : "&" + query
    return "\(path)\(options.addTrailingSlash ? "/" : "")?EIO=4&transport=\(transport.rawValue)\(items)"
  }
}
