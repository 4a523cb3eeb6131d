import NIOConcurrencyHelpers

/// The namespaces that one pattern has made.
final class ChildNamespaces: Sendable {
  private let children = NIOLockedValueBox<[ObjectIdentifier: Namespace]>([:])

  var all: [Namespace] { children.withLockedValue { Array($0.values) } }

  func add(_ child: Namespace) { children.withLockedValue { $0[ObjectIdentifier(child)] = child } }

  func remove(_ child: Namespace) { children.withLockedValue { $0[ObjectIdentifier(child)] = nil } }
}

/// What is said to a parent namespace is said to each of its children.
final class ParentAdapter: Adapter {
  private let children: ChildNamespaces
  private let isLocal: Bool

  init(_ children: ChildNamespaces, isLocal: Bool = false) {
    self.children = children
    self.isLocal = isLocal
  }

  private func forEach(_ body: (any Adapter, String) -> Void) {
    for child in children.all { body(isLocal ? child.memory : child.adapter, child.name) }
  }

  func start() {}

  func close() {}

  var serverCount: Int { 1 }

  func broadcast(_ packet: Packet, to target: Target) {
    forEach { $0.broadcast(packet.inNamespace($1), to: target) }
  }

  /// Nobody is asked: the answers of different namespaces do not belong together.
  func broadcastWithAck(_ packet: Packet, to target: Target, collecting answers: AckCollector) {
    answers.counted(clients: 0)
  }

  func sockets(in target: Target) async throws -> Set<String> { throw AdapterError.fetchSocketsOnParent }

  func fetchSockets(in target: Target) async throws -> [RemoteSocket] { throw AdapterError.fetchSocketsOnParent }

  func addSockets(_ target: Target, to rooms: [String]) {
    forEach { adapter, _ in adapter.addSockets(target, to: rooms) }
  }

  func delSockets(_ target: Target, from rooms: [String]) {
    forEach { adapter, _ in adapter.delSockets(target, from: rooms) }
  }

  func disconnectSockets(_ target: Target, close: Bool) {
    forEach { adapter, _ in adapter.disconnectSockets(target, close: close) }
  }

  func serverSideEmit(_ event: Arguments) throws {
    for child in children.all { try child.adapter.serverSideEmit(event) }
  }

  func serverSideEmitWithAck(_ event: Arguments) async throws -> [Arguments] {
    throw AdapterError.serverSideEmitUnsupported
  }
}
