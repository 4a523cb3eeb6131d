import ArgumentParser
import Bongsu

/// What becomes of messages for clients that read too slowly.
enum SlowReaderOption: String, ExpressibleByArgument, CaseIterable {
  case disconnect, drop, latest

  var value: SlowReaderPolicy {
    switch self {
    case .disconnect: .disconnect
    case .drop: .drop
    case .latest: .latest
    }
  }
}
