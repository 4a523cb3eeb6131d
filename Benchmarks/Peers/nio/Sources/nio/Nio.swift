import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// SwiftNIO's NIOWebSocket on one event loop: /echo and /broadcast.
@main
enum Nio {
  static func main() async throws {
    guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else { return }
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = loops.next()
    let members = try await loop.submit { NIOLoopBound(Members(), eventLoop: loop) }.get()
    let listener = try await ServerBootstrap(group: loops)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        let upgrader = NIOWebSocketServerUpgrader(
          maxFrameSize: 16 << 20,
          shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
          upgradePipelineHandler: { channel, head in
            channel.eventLoop.makeCompletedFuture {
              let peer = Peer(members: head.uri == "/broadcast" ? members.value : nil)
              try channel.pipeline.syncOperations.addHandler(peer)
            }
          })
        let upgrade: NIOHTTPServerUpgradeSendableConfiguration = (upgraders: [upgrader], completionHandler: { _ in })
        return channel.pipeline.configureHTTPServerPipeline(withServerUpgrade: upgrade)
      }
      .bind(host: "127.0.0.1", port: port).get()
    try await listener.closeFuture.get()
  }
}

/// Everybody at /broadcast.
final class Members {
  var contexts: [ObjectIdentifier: ChannelHandlerContext] = [:]
}

/// One WebSocket; without members it echoes.
final class Peer: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let members: Members?

  init(members: Members?) { self.members = members }

  func handlerAdded(context: ChannelHandlerContext) { members?.contexts[ObjectIdentifier(self)] = context }
  func channelInactive(context: ChannelHandlerContext) { members?.contexts[ObjectIdentifier(self)] = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text, .binary:
      let answer = WebSocketFrame(fin: true, opcode: frame.opcode, data: frame.unmaskedData)
      guard let members else { return context.write(wrapOutboundOut(answer), promise: nil) }
      for member in members.contexts.values { member.write(wrapOutboundOut(answer), promise: nil) }
      for member in members.contexts.values { member.flush() }
    case .ping:
      context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)), promise: nil)
    case .connectionClose:
      let answer = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
      let channel = context.channel
      context.writeAndFlush(wrapOutboundOut(answer)).whenComplete { _ in channel.close(promise: nil) }
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
