import Testing

/// Tests with real sockets block their threads, of which the concurrency runtime has as many as cores: one at a time.
@Suite(.serialized) struct SocketTests {}
