internal import BongsuHTTP
public import FoundationEssentials

/// A cookie with the session's id, for load balancers that keep a client's requests on one server. It is set with the
/// answer that opens the session.
public struct SessionCookie: Sendable {
  /// Which requests from other sites bring the cookie along.
  public enum SameSite: String, Sendable {
    case strict = "Strict"
    case lax = "Lax"
    /// All of them; browsers ask for ``SessionCookie/secure`` then.
    case none = "None"
  }

  /// How soon a browser that has too many gives the cookie up.
  public enum Priority: String, Sendable {
    case low = "Low"
    case medium = "Medium"
    case high = "High"
  }

  /// The cookie's name.
  public var name = "io"
  /// The paths it is sent for; `nil` for the path of the endpoint alone, where scripts may read it, too.
  public var path: String? = "/" {
    didSet { if path == nil { httpOnly = false } }
  }
  /// Hidden from scripts.
  public var httpOnly = true
  /// Which requests from other sites bring it along; `nil` leaves it to the browser.
  public var sameSite: SameSite? = .lax
  /// How long it lasts, in whole seconds; `nil` for as long as the browser runs.
  public var maxAge: Duration?
  /// When it ends, to the second; browsers believe ``maxAge`` first. `nil` for when the browser does.
  public var expires: Date?
  /// Sent by HTTPS only.
  public var secure = false
  /// The host and its subdomains that it is sent to; `nil` for the host alone.
  public var domain: String?
  /// Kept apart for each site that embeds this one.
  public var partitioned = false
  /// How soon a browser gives it up; `nil` leaves it to the browser.
  public var priority: Priority?

  /// The reference's cookie: `io=…; Path=/; HttpOnly; SameSite=Lax`.
  public init() {}

  /// The value of Set-Cookie (RFC 6265 §4.1).
  func field(sid: String) -> String {
    var field = "\(name)=\(Self.encoded(sid))"
    if let maxAge { field += "; Max-Age=\(maxAge.components.seconds)" }
    if let domain { field += "; Domain=\(domain)" }
    if let path { field += "; Path=\(path)" }
    if let expires {
      // Dates are doubles: the clamped ones fit.
      let seconds = Int64(max(0, min(expires.timeIntervalSince1970, 1e12)))
      field += "; Expires=\(HTTPDate.text(secondsSince1970: seconds))"
    }
    if httpOnly { field += "; HttpOnly" }
    if secure { field += "; Secure" }
    if partitioned { field += "; Partitioned" }
    if let priority { field += "; Priority=\(priority.rawValue)" }
    if let sameSite { field += "; SameSite=\(sameSite.rawValue)" }
    return field
  }

  /// Percent-encoded as JavaScript's `encodeURIComponent` does it.
  private static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let isPlain =
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-_.!~*'()".utf8.contains(byte)
      if isPlain {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
