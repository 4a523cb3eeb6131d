internal import FoundationEssentials
internal import NIOCore

/// A file that is served as it is, from memory.
public struct StaticFile: Sendable {
  /// The file's name, without directories.
  public let name: String
  /// The answer to a request for it.
  public let response: Response

  /// - Parameter name: its ending decides about the content type.
  public init(name: String, contents: some Sequence<UInt8>) {
    self.name = name
    let body = ByteBuffer(bytes: contents)
    response = Response(
      headers: [
        ("Content-Type", Self.contentType(of: name)), ("ETag", Self.tag(of: body)),
        ("Cache-Control", "public, max-age=0"), ("X-Content-Type-Options", "nosniff"),
      ], body: body)
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
      return StaticFile(name: name, contents: contents)
    }
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
