import Glibc

/// The process's table of descriptors.
public enum Descriptors {
  /// How many are open.
  public static var count: Int {
    (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
  }

  /// Lets the process open this many more, provided that there are no gaps among the open ones.
  public static func allow(_ more: Int) {
    let lowest = unsafe open("/dev/null", O_RDONLY)
    close(lowest)
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = rlim_t(Int(lowest) + more)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
