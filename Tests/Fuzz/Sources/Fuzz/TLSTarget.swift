/// A server's session takes anything, and believes only what a client has encrypted for it.
@Sendable func fuzzTLS(_ input: Input) {
  input.choice & 8 == 0 ? nonsense(input) : spoilt(input)
}

/// The wire is all that the client says: nobody can guess the keys.
private func nonsense(_ input: Input) {
  let whole = TLSServer()
  whole.receive(input.wire[...])
  let cut = TLSServer()
  for piece in input.pieces { cut.receive(piece) }
  requireEqual(cut.isOpen, whole.isOpen, "the same at any split")
  for server in [whole, cut] {
    require(server.heard.isEmpty && !server.isEstablished, "nothing comes of it")
    require(server.takeOutput().count < 10_000, "little is said")
  }
}

/// The wire says how a valid client's bytes are changed on their way, and what comes behind them.
private func spoilt(_ input: Input) {
  var changes = Changes(input.wire)
  let server = TLSServer()
  let client = TLSClient(isTLS12: input.choice & 16 != 0)
  var said: [UInt8] = []
  var isOpen = client.step([])
  while case let output = client.takeOutput(), !output.isEmpty {
    for piece in input.cut(changes.applied(to: output)[...]) { server.receive(piece) }
    isOpen = client.step(server.takeOutput())
    if isOpen, said.isEmpty {
      said = (0..<(input.choice & 32 == 0 ? 100 : 40_000)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      require(client.send(said), "a client may say something after its handshake")
    }
  }
  let isIntact = !changes.haveHappened
  for piece in input.cut(changes.rest) { server.receive(piece) }
  require(said.starts(with: server.heard), "nothing is heard that the client did not say")
  if isIntact { require(isOpen && server.heard == said, "everything that arrives intact is heard") }
  if isIntact, server.isOpen {
    require(server.send(server.heard), "the session answers")
    _ = client.step(server.takeOutput())
    requireEqual(client.read(), said, "the answer")
  }
}

/// Changes by their places in all that the client sends: how many, four bytes each, then the rest.
private struct Changes {
  private var list: [(place: Int, kind: UInt8, value: UInt8)] = []
  private var position = 0
  private(set) var haveHappened = false
  let rest: ArraySlice<UInt8>

  init(_ wire: [UInt8]) {
    var rest = wire[...]
    for _ in 0..<((rest.popFirst() ?? 0) & 15) where rest.count >= 4 {
      let order = Array(rest.prefix(4))
      rest = rest.dropFirst(4)
      list.append((place: Int(order[1]) << 8 | Int(order[2]), kind: order[0], value: order[3]))
    }
    self.rest = rest
  }

  mutating func applied(to bytes: [UInt8]) -> [UInt8] {
    var changed = bytes
    // From the end, so that places stay where they are.
    for change in list.sorted(by: { $0.place > $1.place }) {
      let index = change.place - position
      guard bytes.indices.contains(index), index < changed.count else { continue }
      switch change.kind % 4 {
      case 0: changed[index] ^= change.value
      case 1: changed[index] = change.value
      case 2: changed.removeSubrange(index..<min(changed.count, index + Int(change.value)))
      default: changed.insert(contentsOf: rest.prefix(Int(change.value)), at: index)
      }
    }
    position += bytes.count
    haveHappened = haveHappened || changed != bytes
    return changed
  }
}
