internal import CBrotli
internal import CDeflate
public import NIOCore

/// How an answer's body may be compressed (RFC 9110 §8.4.1).
public enum ContentCoding: String, Sendable, CaseIterable {
  // In the order in which they are preferred for what is compressed once.
  case brotli = "br"
  case gzip
  case deflate

  /// What Accept-Encoding says of a coding: its weight in thousandths, and the place of its name or of `*`.
  private typealias Wish = (weight: Int, place: Int)

  /// The coding that Accept-Encoding asks for (RFC 9110 §12.5.3), gzip or deflate: the one of the highest weight, of
  /// equal ones the one named first. `nil` when neither may be used.
  ///
  /// - Parameter values: all values of the field. An element that is malformed is passed over.
  public init?(accepted values: [String]) {
    let wishes = Self.wishes(values)
    let wanted = [ContentCoding.gzip, .deflate].compactMap { coding in wishes(coding).map { (coding, $0) } }
    guard let best = wanted.min(by: { ($1.1.weight, $0.1.place) < ($0.1.weight, $1.1.place) }) else { return nil }
    self = best.0
  }

  /// The coding for what is compressed only once: of those that Accept-Encoding gives the highest weight, br before
  /// gzip before deflate. `nil` when none of them may be used. Browsers name gzip first and all with one weight.
  ///
  /// - Parameter values: as for `init(accepted:)`.
  public static func preferred(accepted values: [String]) -> ContentCoding? {
    let wishes = Self.wishes(values)
    let wanted = allCases.compactMap { coding in wishes(coding).map { (coding, $0.weight) } }
    let highest = wanted.map(\.1).max()
    return wanted.first { $0.1 == highest }?.0
  }

  /// The wishes for those codings that may be used.
  private static func wishes(_ values: [String]) -> (ContentCoding) -> Wish? {
    var named: [ContentCoding: Wish] = [:]
    var others: Wish?
    let elements = values.joined(separator: ",").utf8.split(separator: UInt8(ascii: ","))
    for (place, element) in elements.enumerated() {
      guard let (name, weight) = parse(element) else { continue }
      if name == "*" { others = (weight, place) }
      if let coding = ContentCoding(rawValue: name) { named[coding] = (weight, place) }
    }
    return { coding in
      guard let wish = named[coding] ?? others, wish.weight > 0 else { return nil }
      return wish
    }
  }

  /// `gzip;q=0.5` as a lowercase name and thousandths.
  private static func parse(_ element: Substring.UTF8View) -> (name: String, weight: Int)? {
    let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(trimmed)
    guard let name = parts.first, !name.isEmpty else { return nil }
    var weight = 1000
    for part in parts.dropFirst() {
      guard let first = part.first, first | 0x20 == UInt8(ascii: "q") else { continue }
      guard let parsed = thousandths(part.dropFirst()) else { return nil }
      weight = parsed
    }
    return (String(decoding: name.map(ASCII.lowercased), as: UTF8.self), weight)
  }

  /// `=0.5`: at most one digit before and three behind the point (RFC 9110 §12.4.2).
  private static func thousandths(_ text: Substring.UTF8View) -> Int? {
    guard text.first == UInt8(ascii: "="), let whole = text.dropFirst().first.flatMap(ASCII.decimalValue) else {
      return nil
    }
    let fraction = text.dropFirst(2)
    guard whole <= 1, fraction.count <= 4, fraction.isEmpty || fraction.first == UInt8(ascii: ".") else { return nil }
    var weight = Int(whole) * 1000
    var unit = 100
    for byte in fraction.dropFirst() {
      guard let digit = ASCII.decimalValue(byte) else { return nil }
      weight += Int(digit) * unit
      unit /= 10
    }
    return min(weight, 1000)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let start = text.drop(while: ASCII.isWhiteSpace)
    guard let last = start.lastIndex(where: { !ASCII.isWhiteSpace($0) }) else { return start }
    return start[...last]
  }

  /// The body in this coding; `nil` when it did not become shorter, or the process is out of memory.
  ///
  /// - Parameter level: from 1, the fastest, to 9, the smallest.
  public func encode(_ body: ByteBuffer, level: Int) -> ByteBuffer? {
    let isBrotli = self == .brotli
    let room = isBrotli ? cbrotli_body_room(body.readableBytes) : cdeflate_body_room(body.readableBytes)
    guard room > 0 else { return nil }
    let format = self == .gzip ? CDEFLATE_GZIP : CDEFLATE_ZLIB
    var output = ByteBufferAllocator().buffer(capacity: room)
    unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
      unsafe body.withUnsafeReadableBytes { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
        guard !isBrotli else { return unsafe cbrotli_body(Int32(level), from, source.count, to, target.count) }
        return unsafe cdeflate_body(format, Int32(level), from, source.count, to, target.count)
      }
    }
    return output.readableBytes > 0 && output.readableBytes < body.readableBytes ? output : nil
  }
}
