import Glibc

/// Why there is nothing to report.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  static var errno: String { unsafe String(cString: strerror(Glibc.errno)) }
}
