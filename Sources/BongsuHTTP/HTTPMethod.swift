/// The request method. Tokens are case-sensitive (RFC 9110 §9.1), so `get` is `other`, as are CONNECT and TRACE.
public enum HTTPMethod: Sendable, Equatable {
  case get, head, post, put, delete, options, patch, other
}

extension HTTPMethod {
  init(_ bytes: Span<UInt8>, in range: Range<Int>) {
    self =
      if bytes.equals("GET", in: range) {
        .get
      } else if bytes.equals("POST", in: range) {
        .post
      } else if bytes.equals("HEAD", in: range) {
        .head
      } else if bytes.equals("OPTIONS", in: range) {
        .options
      } else if bytes.equals("PUT", in: range) {
        .put
      } else if bytes.equals("DELETE", in: range) {
        .delete
      } else if bytes.equals("PATCH", in: range) {
        .patch
      } else {
        .other
      }
  }
}
