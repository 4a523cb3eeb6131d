import Loopback
import Testing

@testable import Bongsu

/// A client that comes back as the reference's does: with the private id it was told and the last argument of the last
/// event, if that was a string.
final class Returner {
  let port: UInt16
  let namespace: String
  private var visitor: Visitor?
  private(set) var sid = ""
  private(set) var pid = ""
  var offset: String?
  /// Events that came before the answer to the last request to join.
  private(set) var missed: [String] = []

  init(_ port: UInt16, namespace: String = "/") throws {
    self.port = port
    self.namespace = namespace
    #expect(try comeBack() == false)
  }

  private var prefix: String { namespace == "/" ? "" : namespace + "," }

  /// Joins over a new connection, the old one being lost; returns whether the session is the same.
  @discardableResult
  func comeBack(_ auth: String? = nil) throws -> Bool {
    let visitor = try Visitor.connected(port)
    self.visitor = visitor
    let offset = self.offset.map { ",\"offset\":\"\($0)\"" } ?? ""
    visitor.send("40" + prefix + (auth ?? (pid.isEmpty ? "" : "{\"pid\":\"\(pid)\"\(offset)}")))
    missed = []
    while let text = visitor.text {
      if text.hasPrefix("42") {
        missed.append(text)
        continue
      }
      let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
      guard parts.count == 9, text.hasPrefix("40\(prefix){\"sid\":\""), parts[5] == "pid" else {
        Issue.record("\(text)")
        throw NoAnswer()
      }
      let isSame = parts[7] == pid
      #expect(isSame == (parts[3] == sid) && parts[3] != parts[7])
      (sid, pid) = (String(parts[3]), String(parts[7]))
      missed = missed.map { event($0) }
      return isSame
    }
    throw NoAnswer()
  }

  struct NoAnswer: Error {}

  /// Notes the offset, and leaves it out.
  private func event(_ text: String) -> String {
    guard text.hasSuffix("\"]"), let comma = text.lastIndex(of: ",") else { return text }
    offset = String(text[comma...].dropFirst(2).dropLast(2))
    return text[..<comma] + "]"
  }

  /// The next event, without its offset. Where others take long, pings come, too.
  var next: String? {
    while let text = visitor?.text {
      guard text == "2" else { return event(text) }
      visitor?.send("3")
    }
    return nil
  }

  /// The next event as it came.
  var raw: String? { visitor?.text }

  func frame() -> Visitor.Frame? { visitor?.frame() }

  func send(_ text: String) { visitor?.send(text) }

  /// Closes the connection without a word.
  func cut() { visitor = nil }

  /// Gives the connection away: it is still there and the server does not know that nobody looks at it.
  func leaveOpen() -> Visitor? { visitor.take() }
}
