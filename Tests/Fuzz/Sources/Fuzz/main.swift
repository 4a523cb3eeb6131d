import CFuzzer
import Foundation

// `Fuzz TARGET [libFuzzer's arguments]`: throws bytes at one target. Without arguments: the names of all targets.
guard FuzzTarget.chosen != nil else {
  print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
  exit(CommandLine.argc > 1 ? 2 : 0)
}
// libFuzzer must not see the target's name, which it would take for a folder.
var count = CommandLine.argc - 1
var arguments = unsafe CommandLine.unsafeArgv.advanced(by: 1)
let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { data, size in
  let bytes = unsafe UnsafeBufferPointer(start: data, count: size)
  FuzzTarget.chosen?.run(Input(unsafe Array(bytes)))
  return 0
}
exit(status)
