/// What is wrong with a request that is not well-formed; the raw value is the text of the 400 answer.
public enum Malformation: String, Sendable, CaseIterable {
  // Lines
  case bareLineFeed = "A line must end with CRLF, not with LF alone."
  case bareCarriageReturn = "CR must be followed by LF."
  case controlCharacter = "The head contains a control character."

  // Request line
  case requestLine = "The request line must be: method SP target SP version."
  case method = "The method is not a token."
  case target = "The request target is neither a path nor an http URI."
  case targetCharacter = "The request target contains a character that must be percent-encoded."

  // Field lines
  case foldedLine = "A field line must not begin with white space."
  case fieldName = "A field name must be a token directly followed by a colon."
  case missingHost = "The Host field is missing."
  case repeatedHost = "There is more than one Host field."
  case invalidHost = "The Host field is empty or invalid."
  case repeatedContentLength = "There is more than one Content-Length field."
  case invalidContentLength = "Content-Length must be a decimal number."
  case lengthAndCoding = "Content-Length and Transfer-Encoding exclude each other."
  case codingInOldVersion = "HTTP/1.0 has no Transfer-Encoding."

  // Chunked bodies
  case chunkSize = "A chunk size must be 1 to 16 hexadecimal digits."
  case chunkExtension = "A chunk extension is invalid or too long."
  case chunkEnd = "A chunk must end with CRLF."
  case trailer = "A trailer field is invalid."
}
