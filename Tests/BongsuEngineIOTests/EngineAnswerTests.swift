import BongsuEngineIO
import NIOCore
import Testing

@Suite struct EngineAnswerTests {
  @Test func theHandshakeKeepsTheOrderOfItsKeys() {
    let handshake = EngineHandshake(
      sid: "lNIKEP2m_D72w0cYAAAA", upgrades: ["websocket"], pingInterval: 25000, pingTimeout: 20000,
      maxPayload: 1_000_000)
    let text = String(buffer: handshake.packet())
    #expect(
      text == #"0{"sid":"lNIKEP2m_D72w0cYAAAA","upgrades":["websocket"],"pingInterval":25000,"#
        + #""pingTimeout":20000,"maxPayload":1000000}"#)
    #expect(text.utf8.count == 118)
  }

  @Test func theHandshakeListsNoneOrSeveralUpgrades() {
    var handshake = EngineHandshake(sid: "x", upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: 7)
    #expect(
      String(buffer: handshake.packet())
        == #"0{"sid":"x","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":7}"#)
    handshake.upgrades = ["websocket", "webtransport"]
    #expect(String(buffer: handshake.packet()).contains(#""upgrades":["websocket","webtransport"],"#))
  }

  @Test(arguments: [
    (EngineErrorCode.transportUnknown, 400, #"{"code":0,"message":"Transport unknown"}"#),
    (.sessionUnknown, 400, #"{"code":1,"message":"Session ID unknown"}"#),
    (.badHandshakeMethod, 400, #"{"code":2,"message":"Bad handshake method"}"#),
    (.badRequest, 400, #"{"code":3,"message":"Bad request"}"#),
    (.forbidden, 403, #"{"code":4,"message":"Forbidden"}"#),
    (.unsupportedProtocolVersion, 400, #"{"code":5,"message":"Unsupported protocol version"}"#),
  ])
  func refusalsHaveTheirCodeTextAndStatus(code: EngineErrorCode, status: Int, json: String) {
    #expect(code.status == status)
    #expect(String(buffer: code.json()) == json)
  }

  @Test func anOverridingMessageIsEscaped() {
    let json = EngineErrorCode.forbidden.json(message: "\"no\\way\"\n\u{1}봉수\u{7F}")
    #expect(
      String(buffer: json) == #"{"code":4,"message":"\"no\\way\"\u000a\u0001"# + "봉수\u{7F}" + #""}"#)
  }
}
