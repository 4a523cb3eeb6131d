extension Server {
  /// The namespace of this name, made when it is new. A client may join only those that exist, and those that a pattern
  /// or a function allows.
  public func of(_ name: String) -> Namespace { namespaces.of(name) }

  /// The parent of all namespaces whose names the pattern is found in. They are made when a client asks for one, with
  /// the handlers and middlewares that the parent has then; what is emitted to the parent goes to all of them.
  ///
  /// `io.of(/^\/room-\d+$/)`. Patterns and functions are tried in the order of their declaration.
  public func of<Output>(_ pattern: sending Regex<Output>) -> Namespace {
    namespaces.addParent(.pattern(NamePattern { (try? pattern.firstMatch(in: $0)) != nil }))
  }

  /// The parent of all namespaces whose names the function allows. It is given the name and what the client sent to be
  /// authenticated by, a JSON object. One that throws a ``ConnectError`` refuses the client in its own words.
  public func of(_ allows: @escaping @Sendable (String, JSONBytes) async throws -> Bool) -> Namespace {
    namespaces.addParent(.function(allows))
  }

  /// Calls `handler` with each namespace that is made from now on, by ``of(_:)-(String)`` or for a client; the
  /// reference's event `new_namespace`.
  public func onNewNamespace(_ handler: @escaping @Sendable (Namespace) -> Void) { namespaces.onCreation(handler) }
}
