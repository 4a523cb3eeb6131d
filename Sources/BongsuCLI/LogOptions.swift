import ArgumentParser
import Logging

/// What is written to the log, and how.
struct LogOptions: ParsableArguments {
  /// As swift-log has them.
  enum Level: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical
  }

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @Option(
    name: .customLong("log-level"),
    help: ArgumentHelp(
      """
      What goes to stderr: critical, error, warning (limits that clients reach), notice, info (starting, ending, \
      reloading), debug (clients coming and going) or trace (every message's length).
      """,
      valueName: "level"))
  var level = Level.notice

  @Option(name: .customLong("log-format"), help: "Lines of the log as text or as JSON objects.")
  var format = Format.text

  var logger: Logger {
    var logger = Logger(label: "bongsu") { [format] in ConsoleLogHandler(label: $0, isJSON: format == .json) }
    logger.logLevel = Logger.Level(rawValue: level.rawValue) ?? .notice
    return logger
  }
}
