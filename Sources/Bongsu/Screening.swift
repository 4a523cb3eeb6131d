internal import BongsuEngineIO
internal import BongsuHTTP

/// What middlewares, `allowRequest` and `generateId` have said about a request, before anything is done with it.
struct Screening: Sendable {
  enum Passage: Sendable {
    case open
    case refused
    case answered(Response)
  }

  enum SessionID: Sendable {
    /// One of the server's own.
    case own
    case made(String)
    case failed(String)
  }

  var passage = Passage.open
  var permission = Permission.allowed
  var id = SessionID.own
  /// Header fields for the answer.
  var headers: [(String, String)] = []

  /// The loop that the session must live on.
  func loop(of loops: Int) -> Int? {
    if case .made(let name) = id { SessionNames.loop(of: name, loops: loops) } else { nil }
  }
}

extension EngineEndpoint {
  /// Whether anybody has to be asked about a request before it is handled.
  func wantsScreening(_ head: RequestHead, on http: HTTPConnection, isUpgrade: Bool) -> Bool {
    guard !options.middlewares.isEmpty || asksAboutHandshakes else { return false }
    let isPreflight = head.method == .options && cors(for: Request(head: head, on: http.connection)).isEnabled
    if isPreflight { return false }
    return !options.middlewares.isEmpty || opensSession(head, on: http.hub, isUpgrade: isUpgrade)
  }

  private var asksAboutHandshakes: Bool { options.allowRequest != nil || options.generateId != nil }

  /// Whether nothing is wrong with a handshake but its version, which is looked at last.
  func opensSession(_ head: RequestHead, on hub: Hub, isUpgrade: Bool) -> Bool {
    do throws(EngineRefusal) {
      if case .handshake = try check(head, on: hub, isUpgrade: isUpgrade) { return true }
      return false
    } catch { return error.code == .unsupportedProtocolVersion }
  }

  /// Asks whoever is to be asked. On the loop as the preferred executor.
  func screen(_ request: Request, opensSession: Bool, onError: @Sendable (any Error) -> Void) async -> Screening {
    var screening = Screening()
    var headers = HeaderFields()
    for middleware in options.middlewares {
      do {
        let answer = try await middleware(request, &headers)
        if let answer { screening.passage = .answered(answer) }
      } catch {
        screening.passage = .refused
      }
      guard case .open = screening.passage else { break }
    }
    screening.headers = headers.pairs
    guard opensSession, case .open = screening.passage else { return screening }
    if let allowRequest = options.allowRequest {
      do { screening.permission = try await allowRequest(request) } catch {
        onError(error)
        screening.permission = .denied()
      }
    }
    let isServed = options.allowEIO3 || request.query("EIO") == "4"
    guard case .allowed = screening.permission, isServed, let generateId = options.generateId else { return screening }
    do {
      let name = try await generateId(request)
      let isFit = 1...SessionNames.maximumBytes ~= name.utf8.count
      screening.id = isFit ? .made(name) : .failed("an id has 1 to \(SessionNames.maximumBytes) bytes")
    } catch {
      screening.id = .failed("\(error)")
    }
    return screening
  }
}
