public import BongsuSocketIO
public import NIOCore

/// The Socket.IO side of one connection as a value: which namespaces it is in, and the packet whose attachments are
/// still coming. `Socket` is whatever the driver keeps for a client in a namespace.
///
/// Decoder state belongs to the connection, not to a namespace (Socket.IO 5, packet encoding).
public struct SocketIOSession<Socket> {
  @usableFromInline
  struct Entry {
    @usableFromInline let namespace: String
    /// `nil` while the driver decides about the CONNECT.
    @usableFromInline var socket: Socket?

    @usableFromInline
    init(namespace: String, socket: Socket?) {
      self.namespace = namespace
      self.socket = socket
    }

    /// Whether it is the namespace of these bytes: `String` takes a composed é and a decomposed one for the same, and
    /// clients do not.
    @usableFromInline
    func isOf(_ name: String) -> Bool { namespace.utf8.elementsEqual(name.utf8) }
  }

  /// A binary packet that waits for attachments.
  @usableFromInline
  struct Reconstruction {
    @usableFromInline let head: PacketHead
    @usableFromInline let body: PacketBody
    @usableFromInline let text: ByteBuffer
    @usableFromInline var attachments: [ByteBuffer] = []

    @usableFromInline
    init(head: PacketHead, body: PacketBody, text: ByteBuffer) {
      self.head = head
      self.body = body
      self.text = text
    }
  }

  @usableFromInline let limits: SocketIOLimits
  /// Socket.IO 2 (protocol revision 4): a query may stand behind a namespace's name, and is no part of it.
  @usableFromInline let isRevision4: Bool
  /// How the client's packets are written.
  public let notation: Notation
  @usableFromInline var entries: [Entry] = []
  /// The socket of `/` once it has joined, apart: nearly all packets are for it.
  @usableFromInline var main: Socket?
  // One packet at a time; boxed, because almost no connection has one.
  @usableFromInline var reconstruction: [Reconstruction] = []

  /// - Parameter isRevision4: whether the client speaks the protocol of Socket.IO 2, which is JSON.
  public init(limits: SocketIOLimits, notation: Notation = .json, isRevision4: Bool = false) {
    self.limits = limits
    self.notation = notation
    self.isRevision4 = isRevision4
  }

  // What every packet passes is inlinable: looking generic types up at run time takes thousands of instructions.

  /// Whether a packet still waits for attachments.
  public var awaitsAttachment: Bool { !reconstruction.isEmpty }

  /// Namespaces joined or being joined.
  public var namespaceCount: Int { entries.count }

  /// The sockets of all joined namespaces, in the order of joining.
  public var sockets: [Socket] { entries.compactMap(\.socket) }

  /// A text message came: one packet, without the Engine.IO type digit.
  @inlinable
  public mutating func received(text: RawSpan) throws(SocketIOParseError) -> IncomingPacket<Socket> {
    guard notation == .json else { throw .textInsteadOfMessagePack }
    guard reconstruction.isEmpty else { throw .textWhileReconstructing }
    let head = try PacketHead(parsing: text, maximumAttachments: limits.attachments)
    let body = try PacketBody(parsing: text, head: head, limits: limits.json)
    guard head.attachmentCount > 0 else { return resolve(head, body, in: text, nil) }
    let copy = ByteBuffer(text)
    reconstruction = [Reconstruction(head: head, body: body, text: copy)]
    return .nothing
  }

  /// A binary message came: an attachment of the packet before.
  public mutating func received(attachment: ByteBuffer) throws(SocketIOParseError) -> IncomingPacket<Socket> {
    guard !reconstruction.isEmpty else { throw .binaryWithoutPacket }
    reconstruction[0].attachments.append(attachment)
    guard reconstruction[0].attachments.count == reconstruction[0].head.attachmentCount else { return .nothing }
    let whole = reconstruction.removeLast()
    reconstruction = []
    let packet = BinaryPacket(text: whole.text, attachments: whole.attachments)
    return resolve(whole.head, whole.body, in: whole.text.readableBytesSpan, packet)
  }

  /// A binary message came that is one packet in MessagePack.
  @inlinable
  public mutating func received(packed bytes: RawSpan) throws(SocketIOParseError) -> IncomingPacket<Socket> {
    guard notation == .messagePack else { throw .binaryWithoutPacket }
    let packet = try PackedPacket(parsing: bytes, limits: limits.json)
    return resolve(packet.head, packet.body, in: bytes, nil)
  }

  /// The driver takes the client into a namespace that it has not asked for. Answer with ``joined(_:_:)`` or
  /// ``refused(_:)``.
  @inlinable
  public mutating func connecting(_ namespace: String) { entries.append(Entry(namespace: namespace, socket: nil)) }

  /// The driver let the client into a namespace; false when the client has meanwhile gone from it.
  public mutating func joined(_ namespace: String, _ socket: Socket) -> Bool {
    guard let index = entries.firstIndex(where: { $0.isOf(namespace) && $0.socket == nil }) else { return false }
    entries[index].socket = socket
    if namespace == "/" { main = socket }
    return true
  }

  /// The driver did not let the client into a namespace.
  public mutating func refused(_ namespace: String) {
    entries.removeAll { $0.isOf(namespace) && $0.socket == nil }
  }

  /// The client is no longer in a namespace, whoever wanted that.
  public mutating func left(_ namespace: String) {
    entries.removeAll { $0.isOf(namespace) && $0.socket != nil }
    if namespace == "/" { main = nil }
  }

  /// The connection is over: forgets everything and returns the sockets it had.
  public mutating func end() -> [Socket] {
    let sockets = self.sockets
    entries = []
    main = nil
    reconstruction = []
    return sockets
  }

  @inlinable
  mutating func resolve(
    _ head: PacketHead, _ body: PacketBody, in text: RawSpan, _ binary: BinaryPacket?
  ) -> IncomingPacket<Socket> {
    let (name, query) = isRevision4 ? Self.split(head.namespace, in: text) : (head.namespace, nil)
    if case .connect(let auth) = body { return connect(name, query, auth, in: text) }
    guard let socket = socket(of: name, in: text) else { return .violation }
    switch body {
    case .event(let payload):
      guard let binary else { return .event(socket, payload, head.ackID) }
      return .binaryEvent(socket, payload, head.ackID, binary)
    case .ack(let arguments):
      guard let id = head.ackID else { return .nothing }
      guard let binary else { return .ack(socket, arguments, id) }
      return .binaryAck(socket, arguments, id, binary)
    case .disconnect:
      left(name.map { text.string($0) } ?? "/")
      return .disconnect(socket)
    case .connect, .connectError: return .violation
    }
  }

  @usableFromInline
  mutating func connect(
    _ name: Range<Int>?, _ query: Range<Int>?, _ auth: Range<Int>?, in text: RawSpan
  ) -> IncomingPacket<Socket> {
    guard Self.index(of: name, in: entries, text) == nil else { return .violation }
    let namespace = name.map { text.string($0) } ?? "/"
    connecting(namespace)
    if isRevision4 { return .connectByQuery(namespace: namespace, query: query) }
    return .connect(namespace: namespace, auth: auth)
  }

  /// Who has joined a namespace, nil for `/`.
  @inlinable
  func socket(of namespace: Range<Int>?, in text: RawSpan) -> Socket? {
    guard let namespace else { return main }
    return Self.index(of: namespace, in: entries, text).flatMap { entries[$0].socket }
  }

  /// A namespace's name, nil for `/`, and what stands behind a `?` in it.
  @inlinable
  static func split(_ namespace: Range<Int>?, in text: RawSpan) -> (name: Range<Int>?, query: Range<Int>?) {
    guard let namespace else { return (nil, nil) }
    let mark = namespace.first { text.byte(at: $0) == UInt8(ascii: "?") } ?? namespace.upperBound
    let name = namespace.lowerBound..<mark
    let query = mark < namespace.upperBound ? (mark + 1)..<namespace.upperBound : nil
    return (name.count > 1 ? name : nil, query)
  }

  /// A linear search: nearly all connections have one namespace. Not of the session, which would be copied for it.
  @inlinable
  static func index(of namespace: Range<Int>?, in entries: [Entry], _ text: RawSpan) -> Int? {
    for index in entries.indices {
      if let namespace {
        if text.equals(entries[index].namespace, at: namespace) { return index }
      } else if entries[index].namespace == "/" {
        return index
      }
    }
    return nil
  }
}
