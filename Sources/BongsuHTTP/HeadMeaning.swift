/// What the field lines say about the message and the connection, gathered while they are read.
struct HeadMeaning: Sendable {
  private enum Coding { case none, chunked, other }

  private var hasHost = false
  private var contentLength: Int?
  private var coding = Coding.none
  private var closes = false
  private var persists = false
  private var hasUpgradeOption = false
  private var hasUpgradeField = false
  private var expectation = false

  private(set) var framing = BodyFraming.none
  private(set) var keepsAlive = false
  private(set) var wantsUpgrade = false
  private(set) var expectsContinue = false

  /// Takes one field line in.
  mutating func note(_ field: FieldLine, in bytes: Span<UInt8>) throws(HTTPError) {
    let name = field.name.bounds
    // Few names have these lengths, so most lines are passed over without a comparison.
    switch name.count {
    case 4 where bytes.equals(ignoringCase: "host", in: name):
      try noteHost(bytes, field.value.bounds)
    case 6 where bytes.equals(ignoringCase: "expect", in: name):
      guard bytes.equals(ignoringCase: "100-continue", in: field.value.bounds) else { throw .expectationFailed }
      expectation = true
    case 7 where bytes.equals(ignoringCase: "upgrade", in: name):
      hasUpgradeField = true
    case 10 where bytes.equals(ignoringCase: "connection", in: name):
      noteConnection(bytes, field.value.bounds)
    case 14 where bytes.equals(ignoringCase: "content-length", in: name):
      guard contentLength == nil else { throw .badRequest(.repeatedContentLength) }
      contentLength = try Self.decimal(bytes, in: field.value.bounds)
    case 17 where bytes.equals(ignoringCase: "transfer-encoding", in: name):
      let isChunked = bytes.equals(ignoringCase: "chunked", in: field.value.bounds)
      coding = isChunked && coding == .none ? .chunked : .other
    default:
      break
    }
  }

  /// Draws the conclusions when all lines are there (RFC 9112 §3.2, §6.3, §9.3).
  mutating func settle(minorVersion: Int) throws(HTTPError) {
    let isOld = minorVersion == 0
    if !isOld, !hasHost { throw .badRequest(.missingHost) }
    switch coding {
    case .none:
      framing = contentLength.map { .length($0) } ?? .none
    case .chunked, .other:
      // Either could be the one that another server on the way believes (RFC 9112 §6.1 and §11.2).
      if contentLength != nil { throw .badRequest(.lengthAndCoding) }
      if isOld { throw .badRequest(.codingInOldVersion) }
      guard coding == .chunked else { throw .unsupportedTransferCoding }
      framing = .chunked
    }
    keepsAlive = !closes && (persists || !isOld)
    // HTTP/1.0 knows neither (RFC 9110 §7.8, §10.1.1).
    wantsUpgrade = hasUpgradeField && hasUpgradeOption && !isOld
    expectsContinue = expectation && !isOld && framing != .none && framing != .length(0)
  }

  private mutating func noteHost(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(HTTPError) {
    if hasHost { throw .badRequest(.repeatedHost) }
    guard RequestTarget.isAuthority(bytes, in: value) else { throw .badRequest(.invalidHost) }
    hasHost = true
  }

  private mutating func noteConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    var options = ListElements(value)
    while let option = options.next(in: bytes) {
      if bytes.equals(ignoringCase: "close", in: option) { closes = true }
      if bytes.equals(ignoringCase: "keep-alive", in: option) { persists = true }
      if bytes.equals(ignoringCase: "upgrade", in: option) { hasUpgradeOption = true }
    }
  }

  /// `1*DIGIT`: no sign, no list, nothing that does not fit (RFC 9110 §8.6).
  private static func decimal(_ bytes: Span<UInt8>, in range: Range<Int>) throws(HTTPError) -> Int {
    guard !range.isEmpty else { throw .badRequest(.invalidContentLength) }
    var value = 0
    for index in range {
      guard let digit = ASCII.decimalValue(bytes[index]) else { throw .badRequest(.invalidContentLength) }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(Int(digit))
      if overflows || carries { throw .badRequest(.invalidContentLength) }
      value = sum
    }
    return value
  }
}
