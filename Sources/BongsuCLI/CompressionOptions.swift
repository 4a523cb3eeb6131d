import ArgumentParser
import Bongsu

/// How messages on WebSockets are compressed.
struct CompressionOptions: ParsableArguments {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case off, shared, dedicated
  }

  @Option(
    name: .customLong("compression"),
    help: "Messages on WebSockets: off, shared (no memory per connection), dedicated (52 KiB per connection).")
  var kind = Kind.off

  @Option(
    name: .customLong("compression-threshold"),
    help: ArgumentHelp("Messages of fewer bytes go uncompressed.", valueName: "bytes"))
  var threshold = 1024

  func validate() throws {
    guard threshold >= 0 else { throw ValidationError("--compression-threshold takes a number from 0.") }
    if threshold != 1024, kind == .off { throw ValidationError("--compression-threshold needs --compression.") }
  }

  var value: Compression {
    switch kind {
    case .off: .off
    case .shared: .shared(threshold: threshold)
    case .dedicated: .dedicated(threshold: threshold)
    }
  }
}
