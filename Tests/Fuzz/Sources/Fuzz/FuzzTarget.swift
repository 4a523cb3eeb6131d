/// Something that bytes are thrown at, and what must hold whatever they are.
struct FuzzTarget: Sendable {
  let name: String
  let run: @Sendable (Input) -> Void

  static let all = [
    FuzzTarget(name: "utf8", run: fuzzUTF8),
    FuzzTarget(name: "base64", run: fuzzBase64),
    FuzzTarget(name: "query", run: fuzzQuery),
    FuzzTarget(name: "http-head", run: fuzzHTTPHead),
    FuzzTarget(name: "http-body", run: fuzzHTTPBody),
    FuzzTarget(name: "handshake", run: fuzzHandshake),
    FuzzTarget(name: "extensions", run: fuzzExtensions),
    FuzzTarget(name: "inflate", run: fuzzInflate),
    FuzzTarget(name: "websocket", run: fuzzWebSocket),
    FuzzTarget(name: "engineio", run: fuzzEngineIO),
    FuzzTarget(name: "engineio3", run: fuzzEngineIO3),
    FuzzTarget(name: "jsonp", run: fuzzJSONP),
    FuzzTarget(name: "encodings", run: fuzzEncodings),
    FuzzTarget(name: "socketio", run: fuzzSocketIO),
    FuzzTarget(name: "msgpack", run: fuzzMessagePack),
    FuzzTarget(name: "packed", run: fuzzPackedPacket),
    FuzzTarget(name: "session", run: fuzzSession),
    FuzzTarget(name: "tls", run: fuzzTLS),
  ]

  /// The target that the command line names.
  static let chosen = all.first { CommandLine.arguments.dropFirst().first == $0.name }
}
