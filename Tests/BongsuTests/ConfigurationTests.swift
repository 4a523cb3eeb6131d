import BongsuHTTP
import BongsuSession
import BongsuSocketIO
import Testing

@testable import Bongsu

@Suite struct LimitsTests {
  @Test func whatOneConnectionMayHoldAddsUp() {
    var limits = Limits()
    limits.headBytes = 1_000
    limits.messageBytes = 100
    limits.attachments = 3
    limits.queuedBytes = 20
    // The head, a message with its three attachments and the fourth arriving, what waits and one message more.
    #expect(limits.bytesPerConnection == 1_000 + 5 * 100 + 20 + 100)
    #expect(Limits().bytesPerConnection == 16_384 + 12 * 1_000_000 + (8 << 20) + 1_000_000)
  }

  /// In a process of its own: an overflow would be its end.
  @Test func theSumStopsAtTheLargestNumber() async {
    await #expect(processExitsWith: .success) {
      for path: WritableKeyPath<Limits, Int> in [\.headBytes, \.messageBytes, \.attachments, \.queuedBytes] {
        var limits = Limits()
        limits[keyPath: path] = .max
        #expect(limits.bytesPerConnection == .max)
      }
    }
  }

  @Test func theLayersBelowAreGivenTheirs() {
    var limits = Limits()
    (limits.headBytes, limits.headerCount, limits.targetBytes) = (1, 2, 3)
    (limits.attachments, limits.namespacesPerConnection, limits.jsonDepth) = (4, 5, 6)
    #expect(limits.http == HTTPLimits(headBytes: 1, headerCount: 2, targetBytes: 3))
    #expect(limits.socketIO.attachments == 4 && limits.socketIO.namespaces == 5 && limits.socketIO.json.depth == 6)
  }

  @Test func durationsAreWholeMilliseconds() {
    #expect(Duration.seconds(25).wholeMilliseconds == 25_000 && Duration.milliseconds(1).wholeMilliseconds == 1)
    #expect(Duration.microseconds(1_999).wholeMilliseconds == 1 && Duration.zero.wholeMilliseconds == 0)
  }
}

@Suite struct CORSTests {
  private func lines(_ headers: [(String, String)]) -> [String] { headers.map { "\($0.0): \($0.1)" } }

  @Test func withoutItNothingIsSaid() {
    #expect(CORS.none.headers(origin: "https://a.example").isEmpty && !CORS.none.isEnabled)
  }

  @Test func anyOriginIsAStar() {
    #expect(lines(CORS.any.headers(origin: "https://a.example")) == ["Access-Control-Allow-Origin: *"])
    #expect(lines(CORS.any.headers(origin: nil)) == ["Access-Control-Allow-Origin: *"])
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

  @Test func aPreflightIsToldMethodsAndTheHeadersItAskedFor() {
    let methods = "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE"
    #expect(
      lines(CORS.any.preflightHeaders(requested: "x-one, x-two")) == [
        methods, "Vary: Access-Control-Request-Headers", "Access-Control-Allow-Headers: x-one, x-two",
      ])
    #expect(lines(CORS.any.preflightHeaders(requested: nil)) == [methods])
  }
}
