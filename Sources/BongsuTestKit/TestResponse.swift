/// A server's answer to a request.
public struct TestResponse: Sendable, Equatable {
  /// The status, such as 200.
  public let status: Int
  /// The header fields in their order, names as they were sent.
  public let headers: [Header]
  /// The body.
  public let body: [UInt8]

  /// A field of the head.
  public struct Header: Sendable, Equatable {
    /// The field's name.
    public let name: String
    /// Its value, without the blanks around it.
    public let value: String
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of the first header field of that name, in whatever case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
