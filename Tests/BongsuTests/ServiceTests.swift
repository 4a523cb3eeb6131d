import Bongsu
import BongsuService
import Logging
import ServiceLifecycle
import Testing

@Suite struct ServiceTests {
  private func server() -> Server {
    var configuration = Configuration(loops: 1)
    configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return Server(configuration)
  }

  @Test func aGracefulShutdownSaysGoodbye() async throws {
    let (ports, port) = AsyncStream<UInt16>.makeStream()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let io = server()
    let service = ServerService(io, port: 0) { port.yield($0) }
    let group = ServiceGroup(services: [service], gracefulShutdownSignals: [], logger: logger)
    async let over: Void = group.run()
    var all = ports.makeAsyncIterator()
    let visitor = try Visitor.connected(try #require(await all.next()))
    #expect(io.isReady)
    await group.triggerGracefulShutdown()
    #expect(visitor.frame() == .emptyClose)
    visitor.send(0x88, [])
    try await over
    #expect(!io.isReady)
  }

  @Test func cancellationEndsAtOnce() async throws {
    let (ports, port) = AsyncStream<UInt16>.makeStream()
    let service = ServerService(server(), port: 0) { port.yield($0) }
    let task = Task { try await service.run() }
    var all = ports.makeAsyncIterator()
    let visitor = try Visitor.connected(try #require(await all.next()))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(visitor.frame() == nil)
  }

  @Test func whatStopsItFromListeningIsThrown() async throws {
    let service = ServerService(server(), host: "not an address", port: 0)
    await #expect(throws: (any Error).self) { try await service.run() }
  }
}
