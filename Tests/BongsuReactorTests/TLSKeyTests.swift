import BongsuReactor
import Foundation
import Testing

extension SocketTests {
  /// What takes too many records for a test from outside, with the `openssl` program as the client.
  @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: OpenSSL.path))) struct TLSKeyTests {
    @Test(arguments: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
    func aWornKeyIsChanged(suite: String) async throws {
      let context = try TLSContext([.one], tickets: TLSTickets(period: .seconds(60)), recordsPerKey: 3)
      let harness = try Harness { connection in
        connection.secure(with: context, within: .seconds(20)) { connection, _ in Handler.echo().attach(connection) }
      }
      let text = String(repeating: "0123456789\n", count: 20_000)
      let client = try OpenSSL(["s_client", "-connect", "127.0.0.1:\(harness.port)", "-ciphersuites", suite])
      let answer = await client.echo(of: text)
      #expect(answer.text == text)
      // 220 000 bytes are 14 records at least, of which 4 (or 3, behind the session ticket) would be the last of a key.
      #expect(answer.keyUpdates >= 4)
      await harness.stop()
    }
  }
}

/// One run of the `openssl` program.
private final class OpenSSL: @unchecked Sendable {
  static let path = "/usr/bin/openssl"
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())
  private let messages = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init(_ arguments: [String]) throws {
    process.executableURL = URL(filePath: Self.path)
    process.arguments = arguments + ["-quiet", "-no_ign_eof", "-nocommands", "-msg", "-msgfile", messages.path]
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// What comes back when `text` is said, and how often the server has changed its key meanwhile.
  func echo(of text: String) async -> (text: String, keyUpdates: Int) {
    let data = Data(text.utf8)
    Thread { [self] in try? input.fileHandleForWriting.write(contentsOf: data) }.start()
    return await withCheckedContinuation { continuation in
      Thread { [self] in continuation.resume(returning: (answer(of: data.count), keyUpdates)) }.start()
    }
  }

  /// Reads on until the program has ended, which it does when nothing more is to be said.
  private func answer(of count: Int) -> String {
    var answer = Data()
    while case let more = output.fileHandleForReading.availableData, !more.isEmpty {
      answer += more
      if answer.count == count { try? input.fileHandleForWriting.close() }
    }
    return String(decoding: answer, as: UTF8.self)
  }

  private var keyUpdates: Int {
    let log = (try? String(contentsOf: messages, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(at: messages)
    return log.split(separator: "\n").count { $0.hasPrefix("<<<") && $0.hasSuffix("KeyUpdate") }
  }
}
