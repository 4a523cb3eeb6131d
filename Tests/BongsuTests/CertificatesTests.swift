import BongsuReactor
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import Bongsu

@Suite struct CertificatesTests {
  private static let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Certificates")

  /// The files of a server in a folder of their own, and what is said about them.
  private final class Files: Sendable {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let said = NIOLockedValueBox<[String]>([])

    init() throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try use("one")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func use(_ chain: String, key: String? = nil) throws {
      try put("\(chain).pem", "server.pem")
      try put("\(key ?? chain).key", "server.key")
    }

    private func put(_ name: String, _ target: String) throws {
      try Data(contentsOf: CertificatesTests.source.appending(path: name)).write(to: folder.appending(path: target))
    }

    func certificates(interval: Duration? = .milliseconds(10)) -> Certificates {
      Certificates(configuration(interval: interval)) { [self] error in
        say("\(error)".split(separator: "/").last ?? "")
      }
    }

    func configuration(interval: Duration?) -> TLSConfiguration {
      var configuration = TLSConfiguration(
        chainFile: folder.appending(path: "server.pem").path(), keyFile: folder.appending(path: "server.key").path())
      configuration.reloadInterval = interval
      configuration.onReload = { [self] in say("new") }
      return configuration
    }

    private func say(_ words: some StringProtocol) { said.withLockedValue { $0.append(String(words)) } }

    func hears(_ words: [String]) async throws -> Bool { try await hears { $0 == words } }

    /// Whatever is said before: two files are not written at once.
    func hears(lastly word: String) async throws -> Bool { try await hears { $0.last == word } }

    private func hears(_ isWanted: ([String]) -> Bool) async throws -> Bool {
      for _ in 0..<1000 {
        if isWanted(said.withLockedValue { $0 }) { return true }
        try await Task.sleep(for: .milliseconds(5))
      }
      return false
    }
  }

  @Test func aServerWithoutCertificatesDoesNotStart() throws {
    var configuration = Configuration(loops: 1)
    configuration.tls = TLSConfiguration(certificates: [])
    #expect(throws: CertificateError.self) { try Server(configuration).start(port: 0) }
    configuration.tls = TLSConfiguration(chainFile: "/nowhere", keyFile: "/nowhere")
    let error = #expect(throws: CertificateError.self) { try Server(configuration).start(port: 0) }
    #expect(error?.description == "/nowhere: cannot be read")
  }

  @Test func whenAskedToItReadsTheFilesAgain() async throws {
    let files = try Files()
    let certificates = files.certificates()
    #expect(certificates.context == nil)
    try certificates.load()
    let first = try #require(certificates.context)
    try files.use("renewed", key: "one")
    certificates.reload()
    #expect(certificates.context === first)
    try files.use("renewed")
    certificates.reload()
    #expect(certificates.context !== first)
    #expect(try await files.hears(["server.key: does not belong to the certificate", "new"]))
  }

  @Test func changedFilesAreNoticedWhenTheyHaveSettledAndOnlyOnce() throws {
    let files = try Files()
    let certificates = files.certificates()
    try certificates.load()
    #expect(!certificates.haveChanged())
    try files.use("renewed")
    #expect(!certificates.haveChanged())
    #expect(certificates.haveChanged())
    certificates.reload()
    #expect(!certificates.haveChanged())
  }

  @Test func whatWasOfNoUseIsNotTriedAgain() throws {
    let files = try Files()
    let certificates = files.certificates()
    try certificates.load()
    try files.use("one", key: "wild")
    #expect(!certificates.haveChanged())
    #expect(certificates.haveChanged())
    certificates.reload()
    #expect(!certificates.haveChanged())
  }

  @Test func aServerLooksAtItsFilesByItself() async throws {
    let files = try Files()
    var configuration = Configuration(loops: 1)
    configuration.tls = files.configuration(interval: .milliseconds(10))
    let server = Server(configuration)
    try server.start(port: 0)
    try files.use("renewed")
    #expect(try await files.hears(lastly: "new"))
    server.close()
    await server.closed()
  }

  @Test func withoutAnIntervalNobodyLooks() throws {
    let loop = try #require(Loop(index: 0))
    #expect(CertificateWatch(try Files().certificates(interval: nil), on: loop) == nil)
  }
}
