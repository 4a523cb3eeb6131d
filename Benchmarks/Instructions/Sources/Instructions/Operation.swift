import CCallgrind

/// Something that is done again and again while instructions are counted.
struct Operation {
  /// How often: often enough that what happens once in a while, such as a buffer that grows, is spread evenly.
  static let repetitions = 200

  let name: String
  let run: () -> Void

  init(_ name: String, _ run: @escaping () -> Void) {
    self.name = name
    self.run = run
  }

  func measure() {
    // Whatever happens the first time only has happened then.
    for _ in 0..<10 { run() }
    ccallgrind_start()
    for _ in 0..<Self.repetitions { run() }
    unsafe ccallgrind_stop(name)
  }

  @MainActor static var all: [Operation] {
    webSocketOperations + textOperations + httpOperations + socketIOOperations + pollingOperations
  }
}

/// Keeps the compiler from leaving out what nobody looks at.
@inline(never)
func consume(_ number: Int) {
  guard number != .min else { fatalError("no count is negative") }
}
