internal import BongsuHTTP
internal import BongsuSession
internal import BongsuSocketIO

/// Everything that one client, or all of them, can make the server hold, with units and defaults.
///
/// What is kept for clients that have gone has its own limits: ``ConnectionStateRecovery``.
///
/// A limit that is reached gets a refusal in the words of the protocol (HTTP status, close code, CONNECT_ERROR) and
/// harms nobody else.
public struct Limits: Sendable {
  // Connections

  /// Open connections in all; one more is closed as soon as it is accepted.
  public var connections = 1_000_000
  /// Open connections from one address; `.max` for none, since a proxy is one address.
  public var connectionsPerAddress = Int.max

  // TLS

  /// From the first moment of a connection to the end of its TLS handshake; then it is closed.
  public var handshakeTime = Duration.seconds(10)
  /// Steps of TLS handshakes (two to each) that a loop takes before it serves everybody else again; others wait.
  public var handshakesPerTurn = 8

  // HTTP

  /// Bytes of a request head, request line included: 431.
  public var headBytes = 16_384
  /// Field lines of a request head: 431.
  public var headerCount = 100
  /// Bytes of a request target: 414.
  public var targetBytes = 8_192
  /// Requests that wait for an answer on one connection before no more are read from it.
  public var pipelinedRequests = 16
  /// From the first moment of a connection to the end of a request head, and for a body: 408.
  public var requestTime = Duration.seconds(10)
  /// How long a connection may stay open between two requests.
  public var keepAliveTime = Duration.seconds(75)

  // Messages

  /// Bytes of a WebSocket message or of a poll's POST: close code 1009, 413. Clients are told as `maxPayload`. A
  /// compressed message may have as many, and not become more while it is inflated.
  public var messageBytes = 1_000_000
  /// Fragments of a WebSocket message, empty ones included: close code 1008.
  public var fragments = 65_536
  /// Binary attachments of one packet.
  public var attachments = 10
  /// How long the next attachment of a packet may take; then the connection is closed.
  public var attachmentTime = Duration.seconds(30)
  /// Packets in one poll's POST.
  public var packetsPerPost = 16_384
  /// Arrays and objects inside one another in a payload, JSON or MessagePack.
  public var jsonDepth = 128

  // Sessions

  /// Engine.IO sessions in all: 503.
  public var sessions = 1_000_000
  /// Engine.IO sessions that have not joined a namespace yet: 503. Each keeps its request's head.
  public var sessionsWithoutNamespace = 20_000
  /// How long a client may take to join its first namespace.
  public var connectTime = Duration.seconds(45)
  /// Namespaces that one connection may be in.
  public var namespacesPerConnection = 64
  /// Rooms that one client may be in, per namespace.
  public var roomsPerSocket = 1_024
  /// UTF-8 bytes of a room's name.
  public var roomNameBytes = 256
  /// Acknowledgements that the server waits for from one client.
  public var pendingAcks = 4_096
  /// How long the acknowledgements of a broadcast may take unless its `timeout` says otherwise.
  public var broadcastAckTime = Duration.seconds(60)
  /// Bytes of the acknowledgements of one broadcast; clients that answer beyond count as not having answered.
  public var broadcastAckBytes = 64 << 20

  // Namespaces that clients make

  /// UTF-8 bytes of the name of a namespace that a pattern or a function may allow.
  public var namespaceNameBytes = 256
  /// Namespaces that patterns and functions have allowed: CONNECT_ERROR.
  public var childNamespaces = 10_000

  // Output

  /// Bytes that wait for a client that does not read. What becomes of messages when there are more is a
  /// ``SlowReaderPolicy``: a connection holds at most this and one message, and with ``SlowReaderPolicy/latest`` one
  /// more. Large messages are shared with everyone else who is sent them.
  public var queuedBytes = 8 << 20
  /// Bytes beyond that and the message, of what no policy drops: acknowledgements, answers to requests to join. A
  /// client that has more waiting is disconnected.
  public var reservedBytes = 1 << 20

  public init() {}

  /// The most bytes that one connection can hold at a time besides its own fixed size: a head, a message with its
  /// attachments still arriving and a frame, and what waits to be sent: with one message more, one that is kept as the
  /// latest, and what no policy drops.
  public var bytesPerConnection: Int {
    packetBytes.multipliedSaturating(by: 2).addingSaturating(messageBytes).addingSaturating(headBytes)
      .addingSaturating(protocolBytes)
  }

  /// Bytes of the largest packet that a client can send, and so have relayed.
  private var packetBytes: Int { messageBytes.multipliedSaturating(by: attachments.addingSaturating(1)) }

  /// Bytes that may wait for a client before not even what no policy drops is added.
  var protocolBytes: Int {
    queuedBytes.addingSaturating(packetBytes).addingSaturating(reservedBytes)
  }

  var http: HTTPLimits { HTTPLimits(headBytes: headBytes, headerCount: headerCount, targetBytes: targetBytes) }

  var socketIO: SocketIOLimits {
    var limits = SocketIOLimits()
    limits.attachments = attachments
    limits.namespaces = namespacesPerConnection
    limits.json.depth = jsonDepth
    return limits
  }
}

extension Int {
  fileprivate func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  fileprivate func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
