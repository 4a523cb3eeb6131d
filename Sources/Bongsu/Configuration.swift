public import CoreMetrics
import FoundationEssentials
public import Logging

/// How a ``Server`` behaves. Defaults are those of the reference Socket.IO server.
public struct Configuration: Sendable {
  /// Threads, each with an event loop of its own; one per core by default. At most 63.
  public var loops: Int
  /// How clients come to Socket.IO: paths, transports, times, CORS, cookies and what may be asked before a session
  /// begins.
  public var engine = EngineOptions()
  /// How long a plain WebSocket may be silent before it is pinged.
  public var webSocketPingInterval = Duration.seconds(25)
  /// How long it may then still be silent before it counts as gone.
  public var webSocketPingTimeout = Duration.seconds(20)
  /// Origins whose pages may connect at all, WebSockets included, besides pages of the server's own host; `nil` for
  /// every origin, as the reference has it. Written as in ``CORS/origins(_:credentials:)``. Clients that are no
  /// browsers send no Origin and are not affected. JSONP is refused then: browsers send no Origin with it either.
  public var allowedOrigins: Set<String>?
  /// How packets are written; all clients must be set up with the same parser. Those of Socket.IO 2 know the default
  /// parser only: with another one, ``EngineOptions/allowEIO3`` lets nobody in.
  public var parser = Parser.default
  /// Makes the adapter of a namespace, for several servers together; `nil` for one server alone. It may not use the
  /// server yet. See ``Adapter``.
  public var adapter: (@Sendable (MemoryAdapter) -> any Adapter)?
  /// Whether a namespace that was made for a client by a pattern or a function goes when nobody is in it any more.
  public var cleanupEmptyChildNamespaces = false
  /// What becomes of messages for clients that read too slowly, where a namespace or a route does not say otherwise.
  public var slowReaders = SlowReaderPolicy.disconnect
  /// Lets clients that lose their connection come back as they were, and sends them what they have missed; `nil` for
  /// not at all. Events get an argument more at their end then, an offset, which clients of the reference expect.
  public var connectionStateRecovery: ConnectionStateRecovery?
  /// What clients can make the server hold.
  public var limits = Limits()
  /// How messages on WebSockets are compressed, unless a route says otherwise.
  public var compression = Compression.off
  /// Certificates, to speak HTTPS and WSS only; `nil` for neither.
  public var tls: TLSConfiguration?
  /// Whether what is sent to many clients at a time leaves by io_uring, in one system call, where the kernel lets the
  /// process use it (Linux 6.1); otherwise by a system call each. Not what goes through TLS.
  public var ioUring = true
  /// How long clients have to take their leave when the server shuts down.
  public var shutdownTime = Duration.seconds(5)
  /// What the server writes to its log: starting and ending at `info`, limits that clients reach at `warning` (a few
  /// lines of each kind in ten seconds, however many clients do), clients coming and going at `debug`, every message's
  /// kind and length at `trace`. Its level is asked for when the server is made.
  public var logger = Logger(label: "bongsu")
  /// Who is told what the server counts (``MetricDescription/all``); `nil` for whoever `MetricsSystem` was set up with.
  public var metrics: (any MetricsFactory)?
  /// Hears of what has no other place to be reported: values that cannot be encoded, payloads that a handler cannot
  /// decode, errors thrown by handlers, certificates that cannot be used. On any thread. By default they go to
  /// ``logger``, as many as of limits; who sets this has them to himself.
  public var onError: @Sendable (any Error) -> Void {
    get { errorHandler ?? { _ in } }
    set { errorHandler = newValue }
  }
  private var errorHandler: (@Sendable (any Error) -> Void)?

  /// The reference server's behaviour on as many threads as there are cores.
  public init(loops: Int = Configuration.coreCount) { self.loops = loops }

  /// The cores this process may run on.
  public static var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Errors that nobody else wants go to the log.
  func reporting(to log: ServerLog) -> Configuration {
    var configuration = self
    configuration.errorHandler = errorHandler ?? { log.report($0) }
    return configuration
  }

  /// `engine` as it is for Socket.IO: clients of Engine.IO 3 are clients of Socket.IO 2.
  var socketIOEngine: EngineOptions {
    if case .default = parser { return engine }
    var options = engine
    options.allowEIO3 = false
    return options
  }
}
