import ArgumentParser
import Bongsu

/// The parsers that need no code of one's own.
enum ParserOption: String, ExpressibleByArgument, CaseIterable {
  case `default`, msgpack

  var value: Parser {
    switch self {
    case .default: .default
    case .msgpack: .msgpack
    }
  }
}
