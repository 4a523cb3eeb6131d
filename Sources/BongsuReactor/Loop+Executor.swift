// `async` handlers run on the loop of their socket: as their preferred executor the loop runs each job on its own
// thread, so a handler sees the same single-threaded world as a closure does.
extension Loop: TaskExecutor {
  public func enqueue(_ job: consuming ExecutorJob) {
    submit(.task(UnownedJob(job)))
  }
}
