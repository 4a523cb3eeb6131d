import BongsuSession
import NIOCore
import Testing

@Suite struct SocketIOSessionTests {
  @Test func aClientJoinsWithAndWithoutAuth() {
    let client = Understanding()
    #expect(client.hear("0") == "connect /")
    #expect(client.hear(#"0/admin,{"token":"1"}"#) == #"connect /admin {"token":"1"}"#)
    #expect(client.hear("0/news?page=1") == "connect /news?page=1")
    #expect(client.session.namespaceCount == 3 && client.session.sockets == [])
    #expect(client.session.joined("/admin", 7) && client.session.joined("/", 8))
    #expect(client.session.sockets == [8, 7])
  }

  @Test func packetsReachTheSocketOfTheirNamespace() {
    let client = Understanding(joined: ["/", "/a", "/b"])
    #expect(client.hear(#"2["hello",1,{"x":[2]}]"#) == #"event 1 hello 1,{"x":[2]}"#)
    #expect(client.hear(#"2/b,["hello"]"#) == "event 3 hello")
    #expect(client.hear(#"2/a,12["question","?"]"#) == #"event 2 question "?" id 12"#)
    #expect(client.hear("3/a,5[true]") == "ack 2 true id 5")
    #expect(client.hear("30[]") == "ack 1 id 0")
  }

  @Test(arguments: [
    (#"2007["e"]"#, "event 1 e id 7"), (#"2 5["e"]"#, "event 1 e id 5"),
    (#"2100000000000000000000["e"]"#, "event 1 e id 100000000000000000000"), ("2[1,2]", "event 1 1 2"),
    ("2", "event 1 (no name)"), (#"2["connection"]"#, "event 1 connection"), (#"2["error"]"#, "event 1 error"),
    (#"50-["zero"]"#, "event 1 zero"), ("3[1]", "nothing"), ("3", "nothing"), ("1", "disconnect 1"),
  ])
  func oddButLegalPacketsAreUnderstood(packet: String, meaning: String) {
    let client = Understanding(joined: ["/"])
    #expect(client.hear(packet) == meaning)
  }

  @Test(arguments: [
    ("7", "unknown packet type 7"), ("x[]", "unknown packet type x"), ("", "Unknown type: undefined"),
    (#"5["e"]"#, "Illegal attachments"), (#"5-["e"]"#, "Illegal attachments"), (#"51["e"]"#, "Illegal attachments"),
    (#"5-1-["e"]"#, "Illegal attachments"), (#"51.5-["e"]"#, "Illegal attachments"), ("6", "Illegal attachments"),
    (#"511-["e"]"#, "too many attachments"), (#"599999999999999999999-["e"]"#, "too many attachments"),
    ("2[", "invalid payload"), ("2[]", "invalid payload"), ("2{}", "invalid payload"), (#"2"e""#, "invalid payload"),
    ("2[{}]", "invalid payload"), ("2[null]", "invalid payload"), (#"2["e"]x"#, "invalid payload"),
    (#"2["e",nul]"#, "invalid payload"), (#"2-5["e"]"#, "invalid payload"), (#"2abc["e"]"#, "invalid payload"),
    (#"2["connect"]"#, "invalid payload"), (#"2["connect_error"]"#, "invalid payload"),
    (#"2["disconnect"]"#, "invalid payload"), (#"2["disconnecting"]"#, "invalid payload"),
    (#"2["newListener"]"#, "invalid payload"), (#"2["removeListener"]"#, "invalid payload"),
    (#"2["\u0063onnect"]"#, "invalid payload"), ("31{}", "invalid payload"), (#"1{"a":1}"#, "invalid payload"),
    ("0[]", "invalid payload"), (#"0"auth""#, "invalid payload"), ("0{", "invalid payload"), ("4[]", "invalid payload"),
    (#"51-["e",{"_placeholder":true,"num":1}]"#, "illegal attachments"),
    (#"51-["e",{"_placeholder":true,"num":-1}]"#, "illegal attachments"),
    (#"51-["e",{"_placeholder":true,"num":"0"}]"#, "illegal attachments"),
    (#"51-["e",{"_placeholder":true}]"#, "illegal attachments"),
  ])
  func brokenPacketsAreErrors(packet: String, error: String) {
    let client = Understanding(joined: ["/"])
    #expect(client.hear(packet) == "error: \(error)")
  }

  @Test(arguments: [
    "0", "0{}", #"2/other,["e"]"#, "3/other,1[]", "1/other", "1/other,", #"4{"message":"no"}"#, #"4"no""#,
    #"4/other,{"message":"no"}"#,
  ])
  func whatNoClientMaySayHereIsAViolation(packet: String) {
    let client = Understanding(joined: ["/"])
    #expect(client.hear(packet) == "violation")
    #expect(client.session.sockets == [1])
  }

  @Test(arguments: [#"2["e"]"#, "31[]", "1", "4{}"]) func nothingMayComeBeforeConnect(packet: String) {
    let client = Understanding()
    #expect(client.hear(packet) == "violation")
  }

  @Test(arguments: [#"2["e"]"#, "31[]", "1", "0"]) func nothingMayComeWhileTheServerDecides(packet: String) {
    let client = Understanding()
    _ = client.hear("0")
    #expect(client.hear(packet) == "violation")
  }
}
