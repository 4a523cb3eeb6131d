import NIOConcurrencyHelpers
import Synchronization

/// A server's namespaces: those that were declared, and those that clients make by asking for a name that somebody
/// allows. From any thread.
final class Namespaces: Sendable {
  /// Decides whether a namespace of this name may be made.
  enum Matcher: Sendable {
    case pattern(NamePattern)
    case function(@Sendable (String, JSONBytes) async throws -> Bool)
  }

  /// What comes of a client's wish to join.
  enum Entrance {
    case open(Namespace)
    /// Functions are still to be asked.
    case unknown
    /// There is no such namespace and will be none.
    case closed
    /// There are as many child namespaces as there may be.
    case full
  }

  /// Names are compared by their bytes: `String` takes a composed é and a decomposed one for the same, and clients do
  /// not.
  private typealias Name = [UInt8]

  private struct Child {
    let parent: ChildNamespaces
    /// Clients in it or on their way into it.
    var guests = 0
    /// Somebody holds it by ``Server/of(_:)-(String)``.
    var isKept = false
  }

  private struct State {
    var byName: [Name: Namespace] = [:]
    var parents: [(matcher: Matcher, namespace: Namespace)] = []
    var children: [Name: Child] = [:]
    /// Numbers in the room table, plain namespaces included.
    var nextNumber: UInt32 = 0
    var freeNumbers: [UInt32] = []
    var creationHandlers: [@Sendable (Namespace) -> Void] = []

    mutating func takeNumber() -> UInt32 {
      if let free = freeNumbers.popLast() { return free }
      defer { nextNumber &+= 1 }
      return nextNumber
    }
  }

  let configuration: Configuration
  let hubs: Hubs
  let loops: Int
  private let state = NIOLockedValueBox(State())
  private let owner = AtomicLazyReference<ServerReference>()

  init(_ configuration: Configuration, _ hubs: Hubs, loops: Int) {
    self.configuration = configuration
    self.hubs = hubs
    self.loops = loops
  }

  var all: [Namespace] { state.withLockedValue { Array($0.byName.values) } }

  /// Whose namespaces they are. Not before the server is made.
  var server: Server {
    guard let owner = owner.load() else { preconditionFailure("the server is not made yet") }
    return owner.server
  }

  func belong(to server: Server) { _ = owner.storeIfNil(ServerReference(server)) }

  // MARK: For the server's owner

  func of(_ name: String) -> Namespace {
    let name = name.hasPrefix("/") ? name : "/" + name
    let key = Name(name.utf8)
    // One that a pattern allows begins as its child, whoever makes it.
    let parent = find(key) == nil ? parents.first { $0.matcher.allows(name) }?.namespace : nil
    let found = state.withLockedValue { state in
      let found = open(name, child: parent, &state)
      state.children[key]?.isKept = true
      return found
    }
    found.announce()
    return found.namespace
  }

  func plain(_ name: String) -> Namespace {
    state.withLockedValue { Namespace(name, number: $0.takeNumber(), of: self, isPlain: true) }
  }

  func addParent(_ matcher: Matcher) -> Namespace {
    state.withLockedValue { state in
      let name = "/_\(state.parents.count)"
      let parent = Namespace(name, number: state.takeNumber(), of: self, isParent: true)
      state.parents.append((matcher, parent))
      return parent
    }
  }

  /// A namespace that no pattern has a say in; nil when there is one of that name already.
  func add(_ name: String) -> Namespace? {
    let name = name.hasPrefix("/") ? name : "/" + name
    let found = state.withLockedValue { open(name, child: nil, &$0) }
    found.announce()
    return found.isNew ? found.namespace : nil
  }

  /// The namespace of this name, if there is one.
  func existing(_ name: String) -> Namespace? { find(Name((name.hasPrefix("/") ? name : "/" + name).utf8)) }

  /// Calls `handler` with each namespace, those that are there already first.
  func forEachEver(_ handler: @escaping @Sendable (Namespace) -> Void) {
    let all = state.withLockedValue { state in
      state.creationHandlers.append(handler)
      return Array(state.byName.values)
    }
    for namespace in all { handler(namespace) }
  }

  func onCreation(_ handler: @escaping @Sendable (Namespace) -> Void) {
    state.withLockedValue { $0.creationHandlers.append(handler) }
  }

  // MARK: For clients

  /// A client wants to join; what is open stays until ``leave(_:)``.
  func enter(_ name: String) -> Entrance {
    let key = Name(name.utf8)
    let known = state.withLockedValue { state -> Namespace? in
      state.children[key]?.guests += 1
      return state.byName[key]
    }
    if let known { return .open(known) }
    guard name.utf8.count <= configuration.limits.namespaceNameBytes else { return .closed }
    // In the order of declaration: a function before a pattern is to be asked before it.
    for (matcher, parent) in parents {
      if matcher.isFunction { return .unknown }
      if matcher.allows(name) { return enter(name, of: parent) }
    }
    return .closed
  }

  /// As ``enter(_:)``, asking functions as well. One that throws allows nothing.
  func enter(_ name: String, auth: JSONBytes) async -> Entrance {
    for (matcher, parent) in parents {
      do {
        if try await matcher.allows(name, auth) { return enter(name, of: parent) }
      } catch { configuration.onError(error) }
    }
    return .closed
  }

  private func enter(_ name: String, of parent: Namespace) -> Entrance {
    let found = state.withLockedValue { state -> Opening? in
      // Another client may have been faster.
      let key = Name(name.utf8)
      guard state.byName[key] != nil || state.children.count < configuration.limits.childNamespaces else { return nil }
      let found = open(name, child: parent, &state)
      state.children[key]?.guests += 1
      return found
    }
    found?.announce()
    return found.map { .open($0.namespace) } ?? .full
  }

  /// A client has left the namespace or did not come in. A child that nobody is in goes, if so configured.
  func leave(_ namespace: Namespace) {
    let isGone = state.withLockedValue { state -> Bool in
      let key = Name(namespace.name.utf8)
      guard var child = state.children[key], state.byName[key] === namespace else { return false }
      child.guests -= 1
      state.children[key] = child
      guard child.guests == 0, !child.isKept, configuration.cleanupEmptyChildNamespaces else { return false }
      state.children[key] = nil
      state.byName[key] = nil
      state.freeNumbers.append(namespace.memory.number)
      child.parent.remove(namespace)
      return true
    }
    if isGone { namespace.adapter.close() }
  }

  // MARK: Making

  private struct Opening {
    let namespace: Namespace
    var isNew = false
    var handlers: [@Sendable (Namespace) -> Void] = []

    /// Tells those who want to know, without the lock.
    func announce() {
      guard isNew else { return }
      namespace.adapter.start()
      if namespace.name == "/" { return }
      for handler in handlers { handler(namespace) }
    }
  }

  private var parents: [(matcher: Matcher, namespace: Namespace)] { state.withLockedValue { $0.parents } }

  private func find(_ key: Name) -> Namespace? { state.withLockedValue { $0.byName[key] } }

  private func open(_ name: String, child parent: Namespace?, _ state: inout State) -> Opening {
    let key = Name(name.utf8)
    if let known = state.byName[key] { return Opening(namespace: known) }
    let declarations = parent?.declared ?? Namespace.Declarations()
    let new = Namespace(name, number: state.takeNumber(), of: self, declarations: declarations)
    state.byName[key] = new
    if let children = parent?.children {
      state.children[key] = Child(parent: children)
      children.add(new)
    }
    return Opening(namespace: new, isNew: true, handlers: state.creationHandlers)
  }
}

extension Namespaces.Matcher {
  var isFunction: Bool { if case .function = self { true } else { false } }

  /// Whether a pattern allows the name.
  func allows(_ name: String) -> Bool {
    if case .pattern(let pattern) = self { pattern.matches(name) } else { false }
  }

  func allows(_ name: String, _ auth: JSONBytes) async throws -> Bool {
    switch self {
    case .pattern(let pattern): pattern.matches(name)
    case .function(let function): try await function(name, auth)
    }
  }
}

/// For those who are part of the server.
private final class ServerReference: Sendable {
  unowned let server: Server

  init(_ server: Server) { self.server = server }
}

/// A regular expression that any thread may ask.
final class NamePattern: @unchecked Sendable {
  private let lock = NIOLock()
  private let matching: (String) -> Bool

  init(_ matching: @escaping (String) -> Bool) { self.matching = matching }

  /// Whether the pattern is found anywhere in the name, as in the reference.
  func matches(_ name: String) -> Bool { lock.withLock { matching(name) } }
}
