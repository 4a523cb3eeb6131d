public import Bongsu

/// Runs a test against a server that ends with it.
///
/// - Parameters:
///   - configuration: of the server; by default on one loop.
///   - configure: adds handlers and routes before the first client comes.
///   - test: the test.
/// - Throws: what the closures throw, and ``TestKitError``.
public func withTestServer<Result>(
  _ configuration: Configuration = Configuration(loops: 1), _ configure: (Server) throws -> Void = { _ in },
  test: (TestServer) async throws -> Result
) async throws -> Result {
  let server = try TestServer(configuration, configure)
  do {
    let result = try await test(server)
    await server.close()
    return result
  } catch {
    await server.close()
    throw error
  }
}
