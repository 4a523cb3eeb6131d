/// Cross-origin resource sharing: which origins a browser lets read the server's answers. It does not restrict
/// WebSockets, which browsers open to anywhere; see ``Configuration/allowedOrigins`` for that.
///
/// An origin that may not read the answer is served all the same: it is the browser that keeps the answer from it.
public struct CORS: Sendable {
  enum Origins: Sendable {
    case none, any, reflected
    /// The same answer to whoever asks.
    case fixed(String)
    case list([OriginPattern])
    case function(@Sendable (String) -> Bool)
  }

  let origins: Origins
  /// Whether browsers may send cookies along; not together with ``any``, whose answers they then refuse.
  public var credentials: Bool
  /// What a preflight request is told that may be done.
  public var methods = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"]
  /// Header fields that a page may send; `nil` for those that its browser asks about.
  public var allowedHeaders: [String]?
  /// Header fields of answers that a page may read.
  public var exposedHeaders: [String] = []
  /// How long a browser may remember the answer to its preflight request, in whole seconds; `nil` says nothing.
  public var maxAge: Duration?

  init(origins: Origins, credentials: Bool = false) {
    self.origins = origins
    self.credentials = credentials
  }

  /// No cross-origin access: no header is sent. The default.
  public static let none = CORS(origins: .none)

  /// Every origin, by a star.
  public static let any = CORS(origins: .any)

  /// Every origin, by name.
  public static func reflected(credentials: Bool = false) -> CORS {
    CORS(origins: .reflected, credentials: credentials)
  }

  /// One origin, which is named in every answer, whoever asks.
  public static func origin(_ origin: String, credentials: Bool = false) -> CORS {
    CORS(origins: .fixed(origin), credentials: credentials)
  }

  /// These origins, written as browsers send them: `https://example.com`. A `*` stands for letters, digits and hyphens,
  /// at least one, as in `https://*.example.com` or `http://localhost:*`.
  public static func origins(_ origins: [String], credentials: Bool = false) -> CORS {
    CORS(origins: .list(origins.map { OriginPattern($0) }), credentials: credentials)
  }

  /// The origins for which `isAllowed` says so, on the thread of the request's loop.
  public static func origins(
    credentials: Bool = false, where isAllowed: @escaping @Sendable (String) -> Bool
  ) -> CORS {
    CORS(origins: .function(isAllowed), credentials: credentials)
  }

  var isEnabled: Bool { if case .none = origins { false } else { true } }

  /// The header fields of an answer to a request with this Origin.
  func headers(origin: String?) -> [(String, String)] {
    if case .none = origins { return [] }
    return originHeaders(origin) + exposureHeaders
  }

  /// The header fields of the answer to a preflight request (Fetch, CORS-preflight request).
  func preflightHeaders(origin: String?, requested: String?) -> [(String, String)] {
    var headers = originHeaders(origin)
    headers.append(("Access-Control-Allow-Methods", methods.joined(separator: ",")))
    if let allowedHeaders {
      if !allowedHeaders.isEmpty {
        headers.append(("Access-Control-Allow-Headers", allowedHeaders.joined(separator: ",")))
      }
    } else if let requested {
      headers.append(("Vary", "Access-Control-Request-Headers"))
      headers.append(("Access-Control-Allow-Headers", requested))
    }
    if let maxAge { headers.append(("Access-Control-Max-Age", String(maxAge.components.seconds))) }
    return headers + exposureHeaders
  }

  private var exposureHeaders: [(String, String)] {
    exposedHeaders.isEmpty ? [] : [("Access-Control-Expose-Headers", exposedHeaders.joined(separator: ","))]
  }

  private func originHeaders(_ origin: String?) -> [(String, String)] {
    var headers: [(String, String)] = []
    switch origins {
    case .none: return []
    case .any: headers.append(("Access-Control-Allow-Origin", "*"))
    case .fixed(let name): headers += [("Access-Control-Allow-Origin", name), ("Vary", "Origin")]
    case .reflected, .list, .function:
      if let origin, isAllowed(origin) { headers.append(("Access-Control-Allow-Origin", origin)) }
      headers.append(("Vary", "Origin"))
    }
    if credentials { headers.append(("Access-Control-Allow-Credentials", "true")) }
    return headers
  }

  private func isAllowed(_ origin: String) -> Bool {
    switch origins {
    case .none, .fixed: false
    case .any, .reflected: true
    case .list(let patterns): patterns.contains { $0.matches(origin) }
    case .function(let isAllowed): isAllowed(origin)
    }
  }
}
