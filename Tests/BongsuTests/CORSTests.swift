import Testing

@testable import Bongsu

@Suite struct CORSTests {
  private func lines(_ headers: [(String, String)]) -> [String] { headers.map { "\($0.0): \($0.1)" } }
  private let methods = "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE"

  @Test func withoutItNothingIsSaid() {
    #expect(CORS.none.headers(origin: "https://a.example").isEmpty && !CORS.none.isEnabled)
  }

  @Test func anyOriginIsAStar() {
    #expect(lines(CORS.any.headers(origin: "https://a.example")) == ["Access-Control-Allow-Origin: *"])
    #expect(lines(CORS.any.headers(origin: nil)) == ["Access-Control-Allow-Origin: *"])
  }

  @Test func everyOriginMayBeNamed() {
    let cors = CORS.reflected(credentials: true)
    #expect(
      lines(cors.headers(origin: "null")) == [
        "Access-Control-Allow-Origin: null", "Vary: Origin", "Access-Control-Allow-Credentials: true",
      ])
    #expect(lines(CORS.reflected().headers(origin: nil)) == ["Vary: Origin"])
  }

  @Test func aFixedOriginIsNamedWhoeverAsks() {
    let expected = ["Access-Control-Allow-Origin: https://a.example", "Vary: Origin"]
    #expect(lines(CORS.origin("https://a.example").headers(origin: "https://b.example")) == expected)
    #expect(lines(CORS.origin("https://a.example").headers(origin: nil)) == expected)
  }

  @Test func aListedOriginIsReflected() {
    let cors = CORS.origins(["https://a.example", "https://b.example"], credentials: true)
    #expect(
      lines(cors.headers(origin: "https://b.example")) == [
        "Access-Control-Allow-Origin: https://b.example", "Vary: Origin", "Access-Control-Allow-Credentials: true",
      ])
  }

  @Test(arguments: ["https://c.example", "https://a.example.evil", "HTTPS://A.EXAMPLE", "null", nil])
  func anotherOriginIsNot(origin: String?) {
    #expect(lines(CORS.origins(["https://a.example"]).headers(origin: origin)) == ["Vary: Origin"])
  }

  @Test func aFunctionMayDecide() {
    let cors = CORS.origins { $0.hasSuffix(".example") }
    #expect(
      lines(cors.headers(origin: "https://b.example")) == [
        "Access-Control-Allow-Origin: https://b.example", "Vary: Origin",
      ])
    #expect(lines(cors.headers(origin: "https://b.test")) == ["Vary: Origin"])
  }

  @Test func aPreflightIsToldMethodsAndTheHeadersItAskedFor() {
    #expect(
      lines(CORS.any.preflightHeaders(origin: nil, requested: "x-one, x-two")) == [
        "Access-Control-Allow-Origin: *", methods, "Vary: Access-Control-Request-Headers",
        "Access-Control-Allow-Headers: x-one, x-two",
      ])
    #expect(
      lines(CORS.any.preflightHeaders(origin: nil, requested: nil)) == ["Access-Control-Allow-Origin: *", methods])
  }

  /// In the order of the reference.
  @Test func aPreflightIsToldEverythingThatIsConfigured() {
    var cors = CORS.origins(["https://a.example"], credentials: true)
    cors.methods = ["GET", "POST"]
    cors.allowedHeaders = ["x-token", "x-other"]
    cors.exposedHeaders = ["x-id"]
    cors.maxAge = .seconds(600)
    #expect(
      lines(cors.preflightHeaders(origin: "https://a.example", requested: "x-else")) == [
        "Access-Control-Allow-Origin: https://a.example", "Vary: Origin", "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Methods: GET,POST", "Access-Control-Allow-Headers: x-token,x-other",
        "Access-Control-Max-Age: 600", "Access-Control-Expose-Headers: x-id",
      ])
    #expect(
      lines(cors.headers(origin: nil)) == [
        "Vary: Origin", "Access-Control-Allow-Credentials: true", "Access-Control-Expose-Headers: x-id",
      ])
    cors.allowedHeaders = []
    #expect(!lines(cors.preflightHeaders(origin: nil, requested: "x-else")).contains { $0.contains("Headers: x-else") })
  }
}

@Suite struct OriginPatternTests {
  @Test(arguments: [
    ("https://a.example", "https://a.example"), ("https://*.example.com", "https://app.example.com"),
    ("https://*.example.com", "https://x-1.example.com"), ("http://localhost:*", "http://localhost:5173"),
    ("https://*-app.example.com", "https://my-own-app.example.com"), ("https://*.*.example", "https://a.b.example"),
    ("*://a.example", "http://a.example"),
  ])
  func matches(pattern: String, origin: String) { #expect(OriginPattern(pattern).matches(origin)) }

  @Test(arguments: [
    ("https://a.example", "https://b.example"), ("https://*.example.com", "https://example.com"),
    ("https://*.example.com", "https://.example.com"), ("https://*.example.com", "https://a.b.example.com"),
    ("https://*.example.com", "https://evil.com/.example.com"),
    ("https://*.example.com", "https://app.example.com.evil"),
    ("https://*.example.com", "https://app.example.com:444"), ("https://*.example.com", "http://app.example.com"),
    ("https://*.example.com", "https://evil.com#.example.com"), ("https://*.example.com", "https://a@b.example.com"),
    ("http://localhost:*", "http://localhost:"), ("http://localhost:*", "http://localhost"),
    ("https://*.example.com", "https://é.example.com"), ("https://a.example", ""), ("", "https://a.example"),
  ])
  func doesNotMatch(pattern: String, origin: String) { #expect(!OriginPattern(pattern).matches(origin)) }
}
