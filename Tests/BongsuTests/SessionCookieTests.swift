import Foundation
import Testing

@testable import Bongsu

@Suite struct SessionCookieTests {
  @Test func theReferencesCookie() {
    #expect(SessionCookie().field(sid: "aB-_09") == "io=aB-_09; Path=/; HttpOnly; SameSite=Lax")
  }

  @Test func everyAttributeHasItsPlace() {
    var cookie = SessionCookie()
    cookie.name = "node"
    cookie.path = "/app"
    cookie.sameSite = SessionCookie.SameSite.none
    cookie.maxAge = .seconds(3600)
    cookie.expires = Date(timeIntervalSince1970: 784_111_777.9)
    cookie.secure = true
    cookie.domain = "example.com"
    cookie.partitioned = true
    cookie.priority = .high
    #expect(
      cookie.field(sid: "x") == "node=x; Max-Age=3600; Domain=example.com; Path=/app"
        + "; Expires=Sun, 06 Nov 1994 08:49:37 GMT; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None")
  }

  @Test(arguments: [-1, .infinity, -.infinity, .nan, 1e300] as [Double])
  func anyDateIsADate(seconds: Double) {
    var cookie = SessionCookie()
    cookie.expires = Date(timeIntervalSince1970: seconds)
    #expect(cookie.field(sid: "x").hasSuffix(" GMT; HttpOnly; SameSite=Lax"))
  }

  @Test func withoutAPathScriptsMayReadIt() {
    var cookie = SessionCookie()
    cookie.path = nil
    #expect(cookie.field(sid: "x") == "io=x; SameSite=Lax")
    cookie.httpOnly = true
    cookie.sameSite = nil
    #expect(cookie.field(sid: "x") == "io=x; HttpOnly")
  }

  @Test func anIdOfSomebodysOwnIsEncoded() {
    #expect(SessionCookie().field(sid: "a b;ü\r\n/").hasPrefix("io=a%20b%3B%C3%BC%0D%0A%2F; "))
  }
}

@Suite struct HeaderFieldsTests {
  @Test func namesAreComparedWithoutRegardToCase() {
    var fields = HeaderFields([("Content-Type", "text/html"), ("Vary", "Origin"), ("vary", "Accept")])
    #expect(fields["content-type"] == "text/html" && fields["VARY"] == "Origin" && fields["x"] == nil)
    fields["VARY"] = "*"
    fields["X-One"] = "1"
    fields.append("Set-Cookie", "a=1")
    fields.append("Set-Cookie", "b=2")
    #expect(
      fields.pairs.map { "\($0.0): \($0.1)" } == [
        "Content-Type: text/html", "VARY: *", "X-One: 1", "Set-Cookie: a=1", "Set-Cookie: b=2",
      ])
    fields["set-cookie"] = nil
    #expect(fields.fields.count == 3)
  }
}
