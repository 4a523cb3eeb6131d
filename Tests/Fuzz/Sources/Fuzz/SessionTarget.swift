import BongsuBytes
import BongsuEngineIO
import NIOCore

@testable import BongsuSession

/// A whole client: its WebSocket's bytes at any split, or its polls, probes and the server's own doings in any order,
/// with time going by in between. The session's promises hold after every step.
@Sendable func fuzzSession(_ input: Input) {
  input.choice & 8 == 0 ? stream(input) : orders(input)
}

/// The wire is what comes on a WebSocket.
private func stream(_ input: Input) {
  var whole = ClientDriver(transport: .webSocket)
  whole.receive(input.wire[...])
  var cut = ClientDriver(transport: .webSocket)
  for piece in input.pieces {
    cut.receive(piece)
    cut.pass(milliseconds: 1)
  }
  // Pings, and what comes of them, depend on the time.
  if cut.listener.isUndisturbed { requireEqual(cut.listener.heard, whole.listener.heard, "the same at any split") }
}

/// The wire is a list of orders, each a byte, some with a count and so many bytes of data.
private func orders(_ input: Input) {
  var client = ClientDriver(transport: input.choice & 16 == 0 ? .polling : .webSocket)
  var rest = input.wire[...]
  func data() -> ArraySlice<UInt8> {
    let data = rest.dropFirst().prefix(Int(rest.first ?? 0))
    rest = rest.dropFirst(1 + data.count)
    return data
  }
  while let order = rest.popFirst() {
    switch order % 14 {
    case 0, 1: client.receive(data())
    case 2: client.pass(milliseconds: [1, 40, 199, 301, 1001, 60_000][Int(rest.popFirst() ?? 0) % 6])
    case 3, 4: client.poll()
    case 5: client.post(data(), isBinary: order > 200)
    case 6: client.abortPoll()
    case 7: client.probe()
    case 8: client.probeReceives(data())
    case 9: client.closeProbe()
    case 10: client.say(data())
    case 11: client.perform(client.session.flush())
    case 12: client.perform(client.session.closeGracefully(now: client.now))
    default: client.end(order)
    }
    client.check()
  }
}
