import ArgumentParser

/// Loads one WebSocket or Socket.IO server, and prints what it measured as one line of JSON.
@main
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Loads one WebSocket or Socket.IO server, and prints what it measured as one line of JSON.",
    discussion: """
      Closed loop (the default): the next message leaves when the last has come back, so the server is as busy as it \
      can be, and the CPU time per message is what to look at. Open loop (--rate): messages are due on a fixed \
      schedule, and a latency counts from when its message was due, whether or not it could leave then.
      """,
    subcommands: [Echo.self, FanOut.self, SlowReader.self, Idle.self, Churn.self, Storm.self])
}
