import BongsuHTTP

/// Whatever a client accepts, the coding that it is given is one it has named, itself or by a star.
@Sendable func fuzzEncodings(_ input: Input) {
  let value = String(decoding: input.wire, as: UTF8.self)
  guard let coding = ContentCoding(accepted: [value]) else { return }
  let lowered = Array(value.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
  let name = Array(coding.rawValue.utf8)
  let isNamed = lowered.indices.contains { lowered[$0...].starts(with: name) } || lowered.contains(UInt8(ascii: "*"))
  require(isNamed, "the coding is accepted")
}
