import BongsuBytes
public import BongsuReactor
import Foundation
import Loopback
import NIOCore
import Synchronization
import Testing

/// What can be seen without a client that speaks TLS; those are among the tests from outside.
extension SocketTests {
  @Suite struct TLSTests {
    /// A loop that secures each connection and notes what became of it.
    private func withServer(
      time: Duration = .seconds(5), _ test: (Harness, Handler) async throws -> Void
    ) async throws {
      let handler = Handler()
      let context = try TLSContext([.one], tickets: TLSTickets(period: .seconds(60)))
      let harness = try Harness { connection in
        connection.secure(with: context, within: time) { connection, outcome in
          handler.note("\(outcome), \(connection.isSecure)")
          if outcome == .plainText {
            handler.attach(connection)
            connection.write { $0.writeString("plain") }
          }
        }
      }
      try await test(harness, handler)
      await harness.stop()
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "A", "Z"])
    func whatBeginsWithALetterIsNotTLS(text: String) async throws {
      try await withServer { harness, handler in
        let client = try harness.connect()
        client.send(text)
        #expect(client.receive(5) == Array("plain".utf8))
        #expect(handler.log == ["plainText, false", "attached"])
      }
    }

    /// `unexpected_message`, `protocol_version`, `record_overflow`, `decode_error`: which of them is OpenSSL's business.
    @Test(
      arguments: [
        [0], [0x16, 3, 1, 0xFF, 0xFF], [0x80, 0x2E, 1, 3, 1], [0x16, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF],
        [0x17, 3, 3, 0, 1, 0],
      ] as [[UInt8]])
    func garbageIsAnsweredWithAnAlertAndTheEnd(bytes: [UInt8]) async throws {
      try await withServer(time: .milliseconds(300)) { harness, handler in
        let client = try harness.connect()
        client.send(bytes)
        let (answer, ending) = client.receiveToEnd()
        #expect(answer.isEmpty || answer.count == 7 && answer.starts(with: [0x15, 3]))
        #expect(ending == .end || answer.isEmpty)
        client.finish()
        #expect(await eventually { await harness.on { harness.loops[0].connectionCount } == 0 })
        let log = handler.log
        #expect(log == (answer.isEmpty ? [] : ["failed, true"]))
      }
    }

    @Test(arguments: [[], [0x16, 3, 1]] as [[UInt8]])
    func aHandshakeHasADeadline(bytes: [UInt8]) async throws {
      try await withServer(time: .milliseconds(100)) { harness, handler in
        let client = try harness.connect()
        client.send(bytes)
        #expect(client.receiveToEnd().bytes.isEmpty)
        #expect(await harness.on { harness.loops[0].connectionCount } == 0)
        #expect(handler.log.isEmpty)
      }
    }

    @Test func connectionsThatMayTakeNoStepWaitForTheNextTurn() async throws {
      try await withServer { harness, handler in
        await harness.on { harness.loops[0].handshakesPerTurn = 1 }
        let clients = try (0..<50).map { _ in try harness.connect() }
        for client in clients { client.send([0x16, 3, 1]) }
        for client in clients { client.send([0xFF, 0xFF, 0, 0, 0, 0, 0, 0]) }
        #expect(await eventually { handler.log.count { $0.hasPrefix("failed") } == 50 })
      }
    }
  }
}

@Suite struct TLSContextTests {
  private func error(_ identities: [TLSIdentity], clients: TLSClients = .anonymous) throws -> String? {
    let tickets = try TLSTickets(period: .seconds(60))
    do throws(TLSError) { _ = try TLSContext(identities, clients: clients, tickets: tickets) } catch {
      return error.description
    }
    return nil
  }

  private func identity(_ chain: TLSFile, _ key: TLSFile) -> [TLSIdentity] { [TLSIdentity(chain: chain, key: key)] }

  @Test func goodFilesAreUsed() throws {
    #expect(try error(identity("one.pem", "one.key")) == nil)
    #expect(try error(identity("rsa.pem", "rsa.key") + identity("wild.pem", "wild.key")) == nil)
    #expect(try error([.one], clients: .certified(by: "authority.pem", required: true)) == nil)
    let chain = TLSFile(name: "chain", contents: TLSFile.contents("one.pem") + TLSFile.contents("authority.pem"))
    #expect(try error(identity(chain, "one.key")) == nil)
  }

  @Test func badFilesAreNamedWithAReason() throws {
    let empty = TLSFile(name: "empty", contents: [])
    let cut = TLSFile(name: "cut", contents: TLSFile.contents("one.pem").dropLast(100))
    #expect(try error(identity(empty, "one.key")) == "empty: holds no certificate in PEM form")
    #expect(try error(identity("one.key", "one.key")) == "one.key: holds no certificate in PEM form")
    #expect(try error(identity("one.pem", empty)) == "empty: holds no private key in PEM form")
    #expect(try error(identity("one.pem", "one.pem")) == "one.pem: holds no private key in PEM form")
    #expect(try error(identity("one.pem", "wild.key")) == "wild.key: does not belong to the certificate")
    #expect(try error(identity("one.pem", "rsa.key")) == "rsa.key: does not belong to the certificate")
    #expect(try error(identity("one.pem", "protected.key")) == "protected.key: is protected by a passphrase")
    #expect(try error(identity(cut, "one.key"))?.hasPrefix("cut: ") == true)
    let authorities = TLSClients.certified(by: "one.key", required: false)
    #expect(try error([.one], clients: authorities) == "one.key: holds no certificate in PEM form")
  }

  @Test func aCertificateThatIsCutOffAfterAGoodOneIsNoticed() throws {
    let bytes = TLSFile.contents("one.pem") + TLSFile.contents("authority.pem").dropLast(60)
    #expect(try error(identity(TLSFile(name: "chain", contents: bytes), "one.key"))?.hasPrefix("chain: ") == true)
  }
}

extension TLSIdentity {
  static let one = TLSIdentity(chain: "one.pem", key: "one.key")
}

extension TLSFile: ExpressibleByStringLiteral {
  /// One of the test certificates.
  public init(stringLiteral name: String) { self.init(name: name, contents: Self.contents(name)) }

  static func contents(_ name: String) -> [UInt8] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array((try? Data(contentsOf: tests.appending(path: "Certificates/" + name))) ?? Data())
  }
}
