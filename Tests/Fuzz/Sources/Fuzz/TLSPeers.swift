import CTLSClient
import Foundation

@testable import BongsuReactor

/// A server's session over memory, as a connection uses it.
final class TLSServer {
  private static let context: TLSContext = {
    let file = { (name: String) in
      let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Certificates/")
      return TLSFile(name: name, contents: Array((try? Data(contentsOf: tests.appending(path: name))) ?? Data()))
    }
    do throws(TLSError) {
      let identity = TLSIdentity(chain: file("one.pem"), key: file("one.key"))
      return try TLSContext([identity], tickets: TLSTickets(period: .seconds(3600)))
    } catch {
      fatalError("\(error)")
    }
  }()

  private let channel = TLSChannel()
  private let session = TLSSession(TLSServer.context) { _, _ in }
  private(set) var progress = TLSChannel.Progress.more
  private(set) var heard: [UInt8] = []
  private var output: [UInt8] = []
  /// No more than so many bytes of what has been received are still to come as plaintext.
  private var held = 0

  deinit { channel.leave(session) }

  var isEstablished: Bool { session.isEstablished }
  var isOpen: Bool { progress == .more }

  /// Takes bytes unless the session is over; what there is to answer is in the output.
  func receive(_ bytes: ArraySlice<UInt8>) {
    guard progress == .more, !bytes.isEmpty else { return }
    let received = ReceiveBuffer(capacity: bytes.count)
    unsafe received.fill { memory in
      unsafe memory.copyBytes(from: bytes)
      return bytes.count
    }
    progress = channel.decrypt(received, of: session)
    // A record that was cut off may have come to its end, before one that is broken.
    let most = held + bytes.count
    require(channel.plaintext.count <= most, "nothing is made up")
    held = progress == .more ? most - channel.plaintext.count : 0
    unsafe heard += channel.plaintext.bytes
    collect()
  }

  func send(_ bytes: [UInt8]) -> Bool {
    defer { collect() }
    let isTaken = unsafe bytes.withUnsafeBytes { unsafe channel.encrypt($0, for: session) }
    return isTaken && channel.complete(session)
  }

  private func collect() {
    unsafe channel.takeOutput { unsafe output += $0 }
  }

  /// What it has said since it was asked last: whole records (RFC 8446 §5.1).
  func takeOutput() -> [UInt8] {
    var rest = output[...]
    while !rest.isEmpty {
      let head = Array(rest.prefix(5))
      // OpenSSL's alerts repeat whatever version the client has named.
      require(head.count == 5 && (20...23).contains(head[0]), "a record's head: \(head)")
      let count = Int(head[3]) << 8 | Int(head[4])
      require(count <= 16_384 + 2_048 && rest.count >= 5 + count, "a record is whole")
      rest = rest.dropFirst(5 + count)
    }
    defer { output = [] }
    return output
  }
}

/// OpenSSL's client.
@safe
final class TLSClient {
  private let handle: OpaquePointer

  init(isTLS12: Bool) {
    guard let handle = unsafe tls_client_open(isTLS12) else { fatalError("out of memory") }
    unsafe self.handle = handle
  }

  deinit { unsafe tls_client_close(handle) }

  /// Takes what the server said; true once the handshake is over.
  func step(_ bytes: [UInt8]) -> Bool { unsafe tls_client_step(handle, bytes, bytes.count) }
  func send(_ bytes: [UInt8]) -> Bool { unsafe tls_client_write(handle, bytes, bytes.count) }
  func takeOutput() -> [UInt8] { unsafe all { unsafe tls_client_take_output(handle, $0, $1) } }
  func read() -> [UInt8] { unsafe all { unsafe tls_client_read(handle, $0, $1) } }

  private func all(_ take: (UnsafeMutablePointer<UInt8>, Int) -> Int) -> [UInt8] {
    var taken: [UInt8] = []
    while true {
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, count in
        if let base = buffer.baseAddress { unsafe count = take(base, buffer.count) }
      }
      if piece.isEmpty { return taken }
      taken += piece
    }
  }
}
