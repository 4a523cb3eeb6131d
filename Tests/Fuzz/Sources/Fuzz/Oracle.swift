import Foundation

/// Ends the process, so that the fuzzer keeps the input, unless the claim holds.
func require(_ claim: Bool, _ words: @autoclosure () -> String, line: UInt = #line, file: StaticString = #file) {
  guard !claim else { return }
  FileHandle.standardError.write(Data("\(file):\(line): broken: \(words())\n".utf8))
  abort()
}

/// The same for two things that must be equal.
func requireEqual<Value: Equatable>(
  _ found: Value, _ expected: Value, _ words: @autoclosure () -> String, line: UInt = #line, file: StaticString = #file
) {
  require(found == expected, "\(words()): \(found), not \(expected)", line: line, file: file)
}
