internal import BongsuHTTP
internal import FoundationEssentials
internal import NIOCore

/// A file that is served as it is, from memory.
public struct StaticFile: Sendable {
  /// The file's name, without directories.
  public let name: String
  /// The answer to a request for it.
  public let response: Response
  /// The same, compressed.
  private var variants: [(coding: ContentCoding, response: Response)] = []

  /// - Parameters:
  ///   - name: its ending decides about the content type.
  ///   - contents: the file's bytes.
  public init(name: String, contents: some Sequence<UInt8>) {
    self.init(name: name, body: ByteBuffer(bytes: contents), version: nil)
  }

  /// - Parameter version: what the tag says; by default something that is the same for the same contents.
  init(name: String, body: ByteBuffer, version: String?) {
    self.name = name
    response = Response(
      headers: [
        ("Content-Type", Self.contentType(of: name)),
        ("ETag", version.map { "\"\($0)\"" } ?? Self.tag(of: body)),
        ("Cache-Control", "public, max-age=0"), ("X-Content-Type-Options", "nosniff"),
      ], body: body)
  }

  /// Keeps compressed forms as well, for ``response(to:)``.
  mutating func compress() {
    for coding in ContentCoding.allCases {
      guard let body = coding.encode(response.body, level: 9) else { continue }
      var response = response
      response.headers += [("Content-Encoding", coding.rawValue), ("Vary", "Accept-Encoding")]
      response.body = body
      variants.append((coding, response))
    }
  }

  /// The answer in the form that the request accepts.
  func response(to request: Request) -> Response {
    guard !variants.isEmpty else { return response }
    let coding = ContentCoding.preferred(accepted: request.head.values("accept-encoding"))
    return variants.first { $0.coding == coding }?.response ?? response
  }

  private static func contentType(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "map", "json": "application/json; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }

  /// FNV-1a: it tells versions of one file apart, and nobody gains by a collision.
  private static func tag(of body: ByteBuffer) -> String {
    let hash = body.readableBytesView.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return "\"" + String(hash, radix: 16) + "\""
  }
}

/// The reference's browser client in a directory.
enum ClientFiles {
  private static let names = [
    "socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js",
  ].flatMap { [$0, $0 + ".map"] }

  static func read(_ directory: String) throws -> [StaticFile] {
    let manager = FileManager.default
    guard let present = try? manager.contentsOfDirectory(atPath: directory) else {
      throw ClientFilesError.unreadable(directory)
    }
    let wanted = names.filter(present.contains)
    guard !wanted.isEmpty else { throw ClientFilesError.empty(directory) }
    return try wanted.map { name in
      let path = directory + "/" + name
      guard let contents = manager.contents(atPath: path) else { throw ClientFilesError.unreadable(path) }
      var file = StaticFile(name: name, body: ByteBuffer(bytes: contents), version: version(in: contents))
      file.compress()
      return file
    }
  }

  /// The version in the comment that the reference's files begin with: `/*! … Socket.IO v4.8.3 …`.
  private static func version(in contents: some Sequence<UInt8>) -> String? {
    let beginning = Array(contents.prefix(256))
    let mark = Array("Socket.IO v".utf8)
    let starts = beginning.indices.filter { beginning[$0...].starts(with: mark) }
    guard let start = starts.first else { return nil }
    let version = beginning[(start + mark.count)...].prefix { byte in
      byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    return version.isEmpty ? nil : String(decoding: version, as: UTF8.self)
  }
}

/// Why the browser client cannot be served.
enum ClientFilesError: Error, CustomStringConvertible {
  case unreadable(String)
  case empty(String)

  var description: String {
    switch self {
    case .unreadable(let path): "cannot read \(path)"
    case .empty(let path): "there is no socket.io.js or socket.io.min.js in \(path)"
    }
  }
}
