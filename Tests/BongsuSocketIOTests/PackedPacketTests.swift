import BongsuMessagePack
import BongsuSocketIO
import NIOCore
import Testing

/// A packet is a map of `type` (a4 74797065), `data` (a4 64617461), `nsp` (a3 6e7370) and `id` (a2 6964).
@Suite struct PackedPacketTests {
  private let type = "a474797065"
  private let data = "a464617461"
  private let nsp = "a36e7370"
  private let id = "a26964"
  private let main = "a36e7370a12f"

  /// What a packet says, in words.
  private func read(_ digits: String, _ limits: JSONLimits = JSONLimits()) -> String {
    let bytes = hex(digits)
    let span = bytes.readableBytesSpan
    do throws(SocketIOParseError) {
      let packet = try PackedPacket(parsing: span, limits: limits)
      let namespace = packet.head.namespace.map { slice(bytes, $0) } ?? "/"
      let id = packet.head.ackID.map { " id \($0)" } ?? ""
      return Self.words(packet.body, bytes) + " \(namespace)\(id)"
    } catch {
      return error.text
    }
  }

  private static func words(_ body: PacketBody, _ bytes: ByteBuffer) -> String {
    switch body {
    case .connect(let auth): "connect \(auth.map { "\($0.count) B" } ?? "-")"
    case .disconnect: "disconnect"
    case .event(let event):
      "event \(event.name.text(in: bytes.readableBytesSpan) ?? "-") \(lengths(event.arguments))"
    case .ack(let arguments): "ack \(lengths(arguments))"
    case .connectError(let value): "error \(value?.count ?? 0) B"
    }
  }

  private static func lengths(_ list: ArgumentList) -> [Int] {
    #expect(list.notation == .messagePack)
    return (0..<list.count).map { list.argument($0)?.count ?? -1 }
  }

  @Test func theReferencesPacketsAreRead() {
    // socket.io-client: options stand between, and the namespace last.
    #expect(read("83 \(type)00 \(data)81a5746f6b656ea3616263 \(main)") == "connect 11 B /")
    #expect(read("82 \(type)00 \(nsp)a52f63686174") == "connect - /chat")
    #expect(
      read("85 \(type)02 \(data)92a26869 c40200ff a76f7074696f6e7381a8636f6d7072657373c3 \(id)00 \(main)")
        == "event hi [4] / id 0")
    #expect(read("84 \(id)cd0100 \(type)03 \(data)9101 \(main)") == "ack [1] / id 256")
    #expect(read("82 \(type)01 \(main)") == "disconnect /")
    // python-socketio says nil where JavaScript says nothing.
    #expect(read("83 \(type)01 \(data)c0 \(main)") == "disconnect /")
    #expect(read("83 \(type)00 \(data)c0 \(main)") == "connect - /")
    #expect(read("84 \(type)02 \(data)91a3686579 \(main) \(id)c0") == "event hey [] /")
  }

  @Test func membersMayComeInAnyOrderAndTheLastOfANameCounts() {
    let members = ["\(type)02", "\(data)92a16501", "\(nsp)a22f61", "\(id)07"]
    let packet = "event e [1] /a id 7"
    for first in members.indices {
      let order = members[first...] + members[..<first]
      #expect(read("84" + order.joined()) == packet && read("84" + order.reversed().joined()) == packet)
    }
    #expect(read("86 \(type)00 \(nsp)c0" + members.joined()) == packet)
  }

  @Test func namesMayBeNumbersOrMissing() {
    #expect(read("83 \(type)02 \(data)9207c0 \(main)") == "event 7 [1] /")
    #expect(read("83 \(type)02 \(data)91cb3ff8000000000000 \(main)") == "event 1.5 [] /")
    #expect(read("83 \(type)02 \(data)91ff \(main)") == "event -1 [] /")
    #expect(read("83 \(type)02 \(data)90 \(main)") == "event - [] /")
    for name in ["c0", "c3", "90", "80", "c40165"] {
      #expect(read("83 \(type)02 \(data)91\(name) \(main)") == "invalid payload")
    }
  }

  @Test(arguments: ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])
  func reservedNamesAreRefused(name: String) {
    var bytes = ByteBuffer()
    MessagePackWriter.string(name, into: &bytes)
    let digits = bytes.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(read("83 \(type)02 \(data)91\(digits) \(main)") == "invalid payload")
  }

  @Test func jsonsTypesOfPacketsAreAllThereAre() {
    for bad in ["05", "06", "ff", "a132", "c0", "cb4000000000000001", "cf0000000100000002", "90"] {
      #expect(read("83 \(type)\(bad) \(data)91a165 \(main)") == "invalid packet type", "\(bad)")
    }
    #expect(read("83 \(type)cb4000000000000000 \(data)91a165 \(main)") == "event e [] /")
    #expect(read("80") == "invalid packet type" && read("c0") == "invalid packet type")
    #expect(read("c40101") == "invalid packet type" && read("90") == "invalid packet type")
  }

  @Test func theNamespaceIsAString() {
    for bad in ["02", "c0", "c4012f", "912f"] {
      #expect(read("83 \(type)02 \(data)91a165 \(nsp)\(bad)") == "invalid namespace")
    }
    #expect(read("81 \(type)02") == "invalid namespace")
  }

  @Test func dataFitTheType() {
    for (type, data) in [
      ("00", "90"), ("00", "a161"), ("00", "c3"), ("01", "80"), ("01", "90"), ("02", "80"), ("02", "04"),
      ("02", "a165"),
      ("03", "80"), ("03", "01"), ("04", "90"), ("04", "01"),
    ] {
      #expect(read("83 \(self.type)\(type) \(self.data)\(data) \(main)") == "invalid payload", "\(type) \(data)")
    }
    for type in ["02", "03", "04"] { #expect(read("82 \(self.type)\(type) \(main)") == "invalid payload") }
    #expect(
      read("83 \(type)04 \(data)80 \(main)") == "error 1 B /" && read("83 \(type)04 \(data)a0 \(main)") == "error 1 B /"
    )
    #expect(read("83 \(type)03 \(data)90 \(main)") == "ack [] /")
  }

  @Test func idsAreWholeNumbersFromZeroOn() {
    for bad in ["ff", "a130", "c3", "cb3fe0000000000000", "cb7ff0000000000000", "cb7ff8000000000000", "90"] {
      #expect(read("84 \(type)02 \(data)91a165 \(main) \(id)\(bad)") == "invalid packet id", "\(bad)")
    }
    #expect(read("84 \(type)02 \(data)91a165 \(main) \(id)cb4014000000000000") == "event e [] / id 5")
    #expect(
      read("84 \(type)02 \(data)91a165 \(main) \(id)cfffffffffffffffff") == "event e [] / id 18446744073709552000")
  }

  @Test func whatIsNoMessagePackIsAnError() {
    for bad in [
      "", "c1", "83", "82 \(type)01 \(main) 00", "83 \(type)02 \(data)91a1ff \(main)",
      "83 \(type)02 \(data)92a165c1 \(main)",
      "83 \(type)02 \(data)92a165810101 \(main)", "81 01 02", "82 \(type)01 \(nsp)a2c328",
    ] {
      #expect(read(bad) == "invalid payload", "\(bad)")
    }
  }

  @Test func depthAndArgumentsAreLimited() {
    let limits = JSONLimits(depth: 3, arguments: 2)
    #expect(read("83 \(type)02 \(data)92a1659190 \(main)", limits) == "event e [2] /")
    #expect(read("83 \(type)02 \(data)92a165919190 \(main)", limits) == "invalid payload")
    #expect(read("83 \(type)02 \(data)93a1650102 \(main)", limits) == "event e [1, 1] /")
    #expect(read("83 \(type)02 \(data)94a165010203 \(main)", limits) == "invalid payload")
    #expect(read("83 \(type)03 \(data)93010203 \(main)", limits) == "invalid payload")
    // What nobody asked for is limited as well.
    #expect(read("84 \(type)02 \(data)91a165 \(main) a178 91919190", limits) == "invalid payload")
  }

  @Test func theLimitOfDepthIsTheSameForBothNotations() {
    let deep = String(repeating: "91", count: 126)
    #expect(read("83 \(type)02 \(data)92a165\(deep)90 \(main)") == "event e [127] /")
    #expect(read("83 \(type)02 \(data)92a165\(deep)9190 \(main)") == "invalid payload")
  }
}
