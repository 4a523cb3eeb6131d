import Loopback
import NIOCore
import Testing

@testable import BongsuReactor

extension SocketTests {
  @Suite struct HandshakeQueueTests {
    /// Connections that nobody watches.
    private func withConnections(_ count: Int, _ test: @escaping ([Connection]) -> Void) async throws {
      let connections = Unchecked<[Connection]>([])
      let harness = try Harness { connections.value.append($0) }
      let clients = try (0..<count).map { _ in try harness.connect() }
      #expect(await eventually { await harness.on { connections.value.count } == count })
      let box = Unchecked(test)
      await harness.on { box.value(connections.value) }
      #expect(clients.count == count)
      await harness.stop()
    }

    @Test func stepsAreLimitedAndTakenInTheOrderOfAsking() async throws {
      try await withConnections(5) { connections in
        var queue = HandshakeQueue()
        queue.stepsPerTurn = 2
        var admitted: [Bool] = []
        for connection in connections { admitted.append(queue.admits(connection)) }
        #expect(admitted == [true, true, false, false, false])
        #expect(Self.next(&queue) == nil && !queue.isEmpty)
        queue.renew()
        // Whoever comes now stands behind those who wait.
        let isAdmitted = queue.admits(connections[0])
        #expect(!isAdmitted)
        for expected in [connections[2], connections[3], nil] { #expect(Self.next(&queue) === expected) }
        queue.renew()
        for expected in [connections[4], connections[0], nil] { #expect(Self.next(&queue) === expected) }
        #expect(queue.isEmpty)
        queue.renew()
        let isAdmittedAtOnce = queue.admits(connections[1])
        #expect(isAdmittedAtOnce)
      }
    }

    private static func next(_ queue: inout HandshakeQueue) -> Connection? { queue.next() }
  }
}
