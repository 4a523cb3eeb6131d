import Foundation
import Logging

/// Writes a log to stderr, one line for each event, in one piece.
struct ConsoleLogHandler: LogHandler {
  /// As JSON.
  private struct Line: Encodable {
    let time: String
    let level: String
    let label: String
    let message: String
    let error: String?
    let metadata: [String: String]?
  }

  let label: String
  let isJSON: Bool
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(label: String, isJSON: Bool) {
    self.label = label
    self.isJSON = isJSON
  }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
    let line = Line(
      time: Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), level: event.level.rawValue,
      label: label, message: event.message.description, error: event.error.map { "\($0)" },
      metadata: all.isEmpty ? nil : all.mapValues(\.description))
    FileHandle.standardError.write(Data(((isJSON ? Self.json(line) : Self.text(line)) + "\n").utf8))
  }

  private static func json(_ line: Line) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private static func text(_ line: Line) -> String {
    var pairs = (line.metadata ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let error = line.error { pairs.append(("error", error)) }
    let head = "\(line.time) \(line.level) \(line.label): \(escaped(line.message))"
    return ([head] + pairs.map { "\(escaped($0))=\(quoted($1))" }).joined(separator: " ")
  }

  /// A value that could be taken for more than itself stands in quotation marks.
  private static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
    return isPlain ? text : "\"" + escaped(text).replacing("\"", with: "\\\"") + "\""
  }

  /// On one line.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains(scalar)
      escaped += isControl ? #"\u{"# + String(scalar.value, radix: 16) + "}" : String(scalar)
    }
    return escaped
  }
}
