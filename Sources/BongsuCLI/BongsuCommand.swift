import ArgumentParser

@main
struct BongsuCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bongsu",
    abstract: "A relay for real-time messages over Socket.IO and plain WebSocket.",
    version: "0.1.0",
    subcommands: [ServeCommand.self])
}
