import BongsuSession
import BongsuSocketIO
import NIOCore
import Testing

@Suite struct ReconstructionTests {
  private let one = #"{"_placeholder":true,"num":0}"#
  private let two = #"{"_placeholder":true,"num":1}"#
  private let three = #"{"_placeholder":true,"num":2}"#

  @Test func anEventWaitsForAllItsAttachments() {
    let client = Understanding(joined: ["/"])
    #expect(client.hear(#"53-["e",\#(one),\#(two),\#(three)]"#) == "nothing")
    #expect(client.hear([1, 2]) == "nothing")
    #expect(client.hear([] as [UInt8]) == "nothing")
    #expect(client.hear([3]) == "event 1 e \(one),\(two),\(three) [1, 2] [] [3]")
    #expect(client.hear(#"2["next"]"#) == "event 1 next")
  }

  @Test func placeholdersMayStandInAnyOrderAndDepth() {
    let orders = [
      [one, two, three], [one, three, two], [two, one, three], [two, three, one], [three, one, two], [three, two, one],
    ]
    for order in orders {
      for arguments in [order.joined(separator: ","), "[\(order[0]),{\"a\":\(order[1])}],\(order[2])"] {
        let client = Understanding(joined: ["/", "/a"])
        #expect(client.hear(#"53-/a,4["e",\#(arguments)]"#) == "nothing")
        _ = client.hear([1])
        _ = client.hear([2])
        #expect(client.hear([3]) == "event 2 e \(arguments) id 4 [1] [2] [3]")
      }
    }
  }

  @Test func oneAttachmentMayStandTwiceAndAnotherNowhere() {
    let client = Understanding(joined: ["/"])
    _ = client.hear(#"52-["e",\#(one),\#(one)]"#)
    _ = client.hear([1])
    #expect(client.hear([2]) == "event 1 e \(one),\(one) [1] [2]")
  }

  @Test func acknowledgementsHaveAttachmentsToo() {
    let client = Understanding(joined: ["/a"])
    #expect(client.hear("61-/a,8[\(one)]") == "nothing")
    #expect(client.hear([0xFF]) == "ack 1 \(one) id 8 [255]")
    #expect(client.hear("61-/a,[\(one)]") == "nothing")
    #expect(client.hear([0]) == "nothing")
  }

  @Test(arguments: [#"2["e"]"#, "1", "0/b", #"51-["e",{"_placeholder":true,"num":0}]"#, "garbage"])
  func textBetweenAttachmentsIsAnError(text: String) {
    let client = Understanding(joined: ["/"])
    _ = client.hear(#"52-["e",\#(one),\#(two)]"#)
    _ = client.hear([1])
    #expect(client.hear(text) == "error: got plaintext data when reconstructing a packet")
  }

  @Test func binaryWithoutAPacketIsAnError() {
    let client = Understanding(joined: ["/"])
    let error = "error: got binary data when not reconstructing a packet"
    #expect(client.hear([1]) == error)
    _ = client.hear(#"51-["e",\#(one)]"#)
    _ = client.hear([1])
    #expect(client.hear([1]) == error)
    #expect(client.hear(#"50-["e"]"#) == "event 1 e")
    #expect(client.hear([1]) == error)
  }

  @Test func theStateIsLookedAtWhenThePacketIsWhole() {
    let client = Understanding(joined: ["/", "/a"])
    _ = client.hear(#"51-/a,["e",\#(one)]"#)
    client.session.left("/a")
    #expect(client.hear([1]) == "violation")
    #expect(client.hear(#"2["e"]"#) == "event 1 e")
  }

  @Test func asManyAttachmentsAsAllowedAndNoMore() {
    var limits = SocketIOLimits()
    limits.attachments = 2
    let client = Understanding(limits: limits, joined: ["/"])
    #expect(client.hear(#"53-["e"]"#) == "error: too many attachments")
    #expect(client.hear(#"52-["e"]"#) == "nothing")
  }

  @Test func nestingIsLimited() {
    var limits = SocketIOLimits()
    limits.json.depth = 3
    let client = Understanding(limits: limits, joined: ["/"])
    #expect(client.hear(#"2["e",[[]]]"#) == "event 1 e [[]]")
    #expect(client.hear(#"2["e",[[[]]]]"#) == "error: invalid payload")
  }
}
