@testable import BongsuWebSocket

/// Values of `Sec-WebSocket-Extensions` as lines: read as a naive reading has them, and answered only with what was
/// offered.
@Sendable func fuzzExtensions(_ input: Input) {
  let values = input.wire.split(separator: 10).map { text($0) }
  let obvious = obviousOffers(values)
  do throws(WebSocketHandshakeError) {
    let offers = try ExtensionOffer.parse(values)
    requireEqual(offers, obvious, "as a naive reading has it")
    check(DeflateAgreement(offers, settings(of: input.choice)), offers, settings(of: input.choice))
  } catch {
    requireEqual(error, .extensions, "the error")
    require(obvious == nil, "a refusal of \(obvious as Any)")
  }
}

private func settings(of choice: UInt8) -> DeflateSettings {
  let bits = 9 + Int(choice >> 4 & 3) * 2
  var settings = DeflateSettings(serverWindowBits: bits, clientWindowBits: choice & 64 == 0 ? 15 : bits)
  settings.keepsServerContext = choice & 8 != 0
  settings.keepsClientContext = choice & 128 != 0
  return settings
}

private func check(_ agreement: DeflateAgreement?, _ offers: [ExtensionOffer], _ settings: DeflateSettings) {
  let acceptable = offers.filter(isAcceptable)
  guard let agreement, let offer = acceptable.first else {
    require(agreement == nil && acceptable.isEmpty, "what can be had is agreed on, and nothing else")
    return
  }
  let offered = { (name: String) in offer.parameters.contains { $0.name == name } }
  let bits = { (name: String) in offer.parameters.first { $0.name == name }?.value.flatMap { Int($0) } }
  require(!agreement.keepsServerContext || !offered("server_no_context_takeover"), "the client's wish is heard")
  require(agreement.serverWindowBits <= min(settings.serverWindowBits, bits("server_max_window_bits") ?? 15), "window")
  require(agreement.clientWindowBits <= bits("client_max_window_bits") ?? 15, "the client's window")
  require(!agreement.keepsClientContext || agreement.clientWindowBits <= settings.clientWindowBits, "its memory")
  // What is answered is an offer by itself (RFC 7692 §7.1), which says what has been agreed on.
  guard let answer = obviousOffers([agreement.field])?.first, let read = DeflateOffer(answer) else {
    return require(false, "an answer can be read: \(agreement.field)")
  }
  requireEqual(read.forbidsServerContext, !agreement.keepsServerContext, "server_no_context_takeover")
  requireEqual(read.renouncesClientContext, !agreement.keepsClientContext, "client_no_context_takeover")
  requireEqual(read.serverWindowBits ?? 15, agreement.serverWindowBits, "server_max_window_bits")
  requireEqual(read.clientWindowBits ?? 15, agreement.clientWindowBits, "client_max_window_bits")
  require(read.clientWindowBits == nil || offered("client_max_window_bits"), "only who offered it is told")
}

/// RFC 7692 §7.1, parameter by parameter.
private func isAcceptable(_ offer: ExtensionOffer) -> Bool {
  let windows = Set((8...15).map(String.init))
  return offer.name == "permessage-deflate" && Set(offer.parameters.map(\.name)).count == offer.parameters.count
    && offer.parameters.allSatisfy { parameter in
      switch parameter.name {
      case "server_no_context_takeover", "client_no_context_takeover": parameter.value == nil
      case "server_max_window_bits": parameter.value.map(windows.contains) ?? false
      case "client_max_window_bits": parameter.value.map(windows.contains) ?? true
      default: false
      }
    }
}

/// RFC 6455 §9.1 by splitting; nil when something is not as the grammar says. What is quoted has to be a token, so no
/// separator can hide in it.
private func obviousOffers(_ values: [String]) -> [ExtensionOffer]? {
  var offers: [ExtensionOffer] = []
  for value in values {
    for element in split(Array(value.utf8), ",") where !element.isEmpty {
      let parts = split(element, ";")
      guard isToken(parts[0]) else { return nil }
      var offer = ExtensionOffer(name: string(parts[0]))
      for part in parts.dropFirst() {
        guard let parameter = obviousParameter(part) else { return nil }
        offer.parameters.append(parameter)
      }
      offers.append(offer)
    }
  }
  return values.isEmpty || !offers.isEmpty ? offers : nil
}

private func obviousParameter(_ part: [UInt8]) -> ExtensionOffer.Parameter? {
  let sides = split(part, "=")
  guard sides.count <= 2, isToken(sides[0]) else { return nil }
  guard sides.count == 2 else { return ExtensionOffer.Parameter(name: string(sides[0]), value: nil) }
  var value = sides[1]
  if value.first == UInt8(ascii: "\"") {
    guard value.count > 2, value.last == UInt8(ascii: "\"") else { return nil }
    value = Array(value.dropFirst().dropLast())
    // A backslash stands for what comes next, which can be no other backslash.
    for index in value.indices.reversed() where value[index] == UInt8(ascii: "\\") {
      guard index + 1 < value.count else { return nil }
      value.remove(at: index)
    }
    guard value.count > 0, !string(sides[1]).contains("\\\\") else { return nil }
  }
  return isToken(value) ? ExtensionOffer.Parameter(name: string(sides[0]), value: string(value)) : nil
}

/// The parts between separators, without the space around them.
private func split(_ bytes: [UInt8], _ separator: Character) -> [[UInt8]] {
  let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 }
  return bytes.split(separator: separator.asciiValue ?? 0, omittingEmptySubsequences: false).map { part in
    Array(part.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}

private func string(_ bytes: [UInt8]) -> String { text(bytes) }

private func isToken(_ bytes: [UInt8]) -> Bool {
  let letters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
  return !bytes.isEmpty && bytes.allSatisfy(letters.contains)
}
