import BongsuSocketIO
import NIOCore

/// Reading and writing packets.
@MainActor var socketIOOperations: [Operation] {
  [
    parsing("an event with a text", #"2["chat","hello, beacon"]"#),
    parsing("a relayed event", #"2/game,17["relay",{"to":"lobby"},"move",\#(move)]"#),
    parsing("a binary event", #"51-["up",{"_placeholder":true,"num":0}]"#),
    parsing("an acknowledgement", "37[{\"ok\":true}]"),
    writing,
  ]
}

private let move =
  #"{"id":"p1","x":12.5,"y":-3,"z":0.25,"v":1e-3,"on":true,"hit":null,"tags":["a","b"],"name":"봉수 \"fire\""}"#

private func parsing(_ name: String, _ packet: String) -> Operation {
  let text = ByteBuffer(string: packet)
  return Operation("socketio: parse \(name), \(text.readableBytes) B") {
    let bytes = text.readableBytesSpan
    guard let head = try? PacketHead(parsing: bytes, maximumAttachments: 10),
      let body = try? PacketBody(parsing: bytes, head: head)
    else { return consume(.min) }
    switch body {
    case .event(let event): consume(event.arguments.count)
    case .ack(let arguments): consume(arguments.count)
    default: consume(.min)
    }
  }
}

private var writing: Operation {
  let arguments = [ByteBuffer(string: #""hello, beacon""#)]
  var output = ByteBuffer()
  return Operation("socketio: write an event with a text") {
    output.clear()
    PacketEncoder.event("chat", arguments: arguments, into: &output)
    consume(output.readableBytes)
  }
}
