/// Why a request is refused. After an error the connection cannot be used for another request, because nobody
/// knows where that would begin: answer, then close.
public enum HTTPError: Error, Sendable, Equatable {
  /// 400: the bytes are not a well-formed request.
  case badRequest(Malformation)
  /// 413: the body is larger than the route allows.
  case bodyTooLarge
  /// 414: the request target is longer than `HTTPLimits.targetBytes`.
  case targetTooLong
  /// 417: an expectation other than `100-continue`.
  case expectationFailed
  /// 431: the head has too many bytes or field lines, or the trailer section too many bytes.
  case headTooLarge
  /// 501: a transfer coding other than `chunked` alone.
  case unsupportedTransferCoding
  /// 505: a version other than HTTP/1.0 and HTTP/1.1.
  case unsupportedVersion

  /// The status code of the answer.
  public var status: Int {
    switch self {
    case .badRequest: 400
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .expectationFailed: 417
    case .headTooLarge: 431
    case .unsupportedTransferCoding: 501
    case .unsupportedVersion: 505
    }
  }

  /// The body of the answer: one sentence of plain ASCII text for whoever reads a trace.
  public var message: String {
    switch self {
    case .badRequest(let malformation): malformation.rawValue
    case .bodyTooLarge: "The body is too large."
    case .targetTooLong: "The request target is too long."
    case .expectationFailed: "The only expectation understood is 100-continue."
    case .headTooLarge: "The request header fields are too large or too many."
    case .unsupportedTransferCoding: "The only transfer coding understood is chunked."
    case .unsupportedVersion: "The protocol must be HTTP/1.1 or HTTP/1.0."
    }
  }
}
