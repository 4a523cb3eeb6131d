import Glibc

/// What the kernel says of a process: its CPU time and its memory.
struct ServerProcess {
  let pid: Int

  static var own: ServerProcess { ServerProcess(pid: Int(getpid())) }

  /// Nanoseconds of user and system time by thread; of no thread when the process is gone.
  func cpuTimes() -> [String: UInt64] {
    let folder = "/proc/\(pid)/task"
    var times: [String: UInt64] = [:]
    for thread in Self.names(in: folder) {
      // The first number is the time on a CPU, in nanoseconds; /proc/PID/stat counts hundredths of a second.
      let words = Self.text("\(folder)/\(thread)/schedstat")?.split(separator: " ")
      times[thread] = words?.first.flatMap { UInt64($0) }
    }
    return times
  }

  /// CPU time since `earlier`, of threads that are still there.
  func cpuNanoseconds(since earlier: [String: UInt64]) -> Double {
    cpuTimes().reduce(0) { sum, thread in sum + Double(thread.value) - Double(earlier[thread.key] ?? 0) }
  }

  var residentBytes: Int {
    let line = Self.text("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kilobytes = line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) }
    return (kilobytes ?? 0) << 10
  }

  var isAlive: Bool { kill(pid_t(pid), 0) == 0 }

  private static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func text(_ path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes = Array(repeating: UInt8(0), count: 8192)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
