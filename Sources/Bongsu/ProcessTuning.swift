internal import BongsuReactor

/// What a process that is a server and nothing else does at its start. The library does none of it by itself.
public enum ProcessTuning {
  /// Raises the limit of open files, and so of connections, as far as the system lets this process, and has the
  /// allocator give large buffers back as soon as they are freed. Returns the limit of open files that holds now.
  @discardableResult
  public static func forManyConnections() -> Int {
    keepLargeMemoryApart()
    return raiseDescriptorLimit()
  }
}
