import BongsuTestKit
import Dispatch
import Logging
import Testing

@testable import Bongsu

@Suite struct AdminLoginTests {
  /// Of `secret`, with the least cost.
  static let hash = "$2b$04$At1l.T4pq1yAOpIkrg2l6Ocj04RQKU1.1fjqvzR5DOIN.e8toSiQO"
  static let right = ["username": "ops", "password": "secret"]

  static var options: AdminUI {
    var options = AdminUI(.basic(username: "ops", passwordHash: hash))
    options.mode = .production
    options.loginPause = .zero
    return options
  }

  private func withAdmin(_ options: AdminUI = options, test: (TestServer) async throws -> Void) async throws {
    try await withTestServer(quiet) {
      try $0.instrument(options)
    } test: {
      try await test($0)
    }
  }

  private var quiet: Configuration { .quiet }

  private func refusal(_ server: TestServer, _ auth: some Encodable) async -> String? {
    do {
      _ = try await server.connect("/admin", auth: auth)
      return nil
    } catch TestKitError.connectError(let json) { return json } catch { return "\(error)" }
  }

  @Test func theRightPasswordOpensASession() async throws {
    try await withAdmin { server in
      let page = try await server.connect("/admin", auth: Self.right)
      let id = try await page.expect("session", as: String.self)
      #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil)
      let config = try await page.expect("config")
      #expect(config.description.contains(#""supportedFeatures":["EMIT","JOIN","LEAVE","DISCONNECT","MJOIN""#))
      // It comes back without the password, and has its id already.
      let again = try await server.connect("/admin", auth: ["sessionId": id])
      try await again.expect("config")
      #expect(!again.pending.contains { $0.name == "session" })
    }
  }

  @Test func whoeverDoesNotKnowItIsToldNothingElse() async throws {
    try await withAdmin { server in
      let wrong: [[String: String]] = [
        [:], ["username": "ops"], ["username": "ops", "password": "Secret"], ["username": "op", "password": "secret"],
        ["username": "ops", "password": ""], ["username": "ops", "password": "secret\u{0}"],
        ["sessionId": ""], ["sessionId": "0123456789abcdef"], ["password": "secret"],
        ["username": "ops", "password": String(repeating: "s", count: 600)],
        ["username": "ops", "password": "secret", "more": String(repeating: "s", count: 5000)],
      ]
      for auth in wrong {
        #expect(await refusal(server, auth) == #"{"message":"invalid credentials"}"#, "\(auth)")
      }
      #expect(await refusal(server, ["username": ["a", "b"]]) == #"{"message":"invalid credentials"}"#)
      let stranger = try await server.open().client
      stranger.send(.text("40/admin,"))
      while case .text(let text) = try await stranger.next(), !text.hasPrefix("44/admin,") {
        #expect(text.hasPrefix("0"))
      }
      stranger.send(.text(#"42/admin,["emit","/",null,"hello"]"#))
      await server.clock.settle()
      #expect(stranger.pending.isEmpty && server.io.of("/admin").sockets.count == 0)
    }
  }

  @Test func aWrongPasswordMakesItsAddressWait() async throws {
    var options = Self.options
    options.loginPause = .seconds(3600)
    try await withAdmin(options) { server in
      #expect(await refusal(server, ["username": "ops", "password": "x"]) == #"{"message":"invalid credentials"}"#)
      for _ in 0..<100 {
        #expect(await refusal(server, Self.right) == #"{"message":"too many login attempts"}"#)
      }
    }
  }

  @Test func onlySoManyPasswordsWaitForTheirCheck() async throws {
    var options = Self.options
    options.waitingLogins = 0
    try await withAdmin(options) { server in
      #expect(await refusal(server, Self.right) == #"{"message":"too many login attempts"}"#)
    }
  }

  @Test func aFloodOfLoginsHoldsUpNobodyElse() async throws {
    let (notes, gate) = (Notes(), DispatchSemaphore(value: 0))
    var options = Self.options
    options.loginWait = .zero
    let login = AdminLogin(username: "ops", options) { password in
      notes.add(password)
      gate.wait()
      return false
    }
    try await withTestServer(.quiet) { io in
      try io.instrument(options, login)
      io.on("connection") { socket in socket.on("question") { (ack: Ack) in ack("answer") } }
    } test: { server in
      let client = try await server.connect()
      let stranger = try await server.open().client
      stranger.send(.text(#"40/admin,{"username":"ops","password":"x"}"#))
      #expect(try await notes.lines(1) == ["x"])
      for _ in 0..<50 {
        #expect(await refusal(server, Self.right) == #"{"message":"too many login attempts"}"#)
        #expect(try await client.emitWithAck("question").first(String.self) == "answer")
      }
      // All of that while the first password is being checked.
      gate.signal()
      try await stranger.expect(.text(#"44/admin,{"message":"invalid credentials"}"#))
    }
  }

  @Test func whoeverDoesNotKnowTheNameTakesNobodysTurn() async throws {
    var options = Self.options
    options.loginPause = .seconds(3600)
    try await withAdmin(options) { server in
      #expect(await refusal(server, ["username": "x", "password": "y"]) == #"{"message":"invalid credentials"}"#)
      // To each other they are what others are.
      #expect(await refusal(server, ["username": "x", "password": "y"]) == #"{"message":"too many login attempts"}"#)
      #expect(await refusal(server, Self.right) == nil)
    }
  }

  @Test func whoeverKnowsThePasswordWaitsForTheWrongOnes() async throws {
    var options = Self.options
    options.loginPause = .milliseconds(200)
    try await withAdmin(options) { server in
      let start = ContinuousClock.now
      #expect(await refusal(server, ["username": "ops", "password": "x"]) == #"{"message":"invalid credentials"}"#)
      #expect(await refusal(server, Self.right) == nil)
      #expect(ContinuousClock.now - start >= .milliseconds(200))
    }
  }

  @Test func loginsOfAnAddressHaveTheirTurnsOneAfterTheOther() async throws {
    var options = Self.options
    options.loginWait = .seconds(600)
    let turns = LoginTurns(options)
    #expect(await turns.begin("a"))
    let waiting = (0..<3).map { _ in Task { await turns.begin("a") } }
    while turns.count < 4 { await Task.yield() }
    // There is a place for others still, but not for this one.
    #expect(await !turns.begin("a"))
    #expect(await turns.begin("b"))
    turns.end("b", isRight: true)
    for left in [3, 2, 1] {
      #expect(turns.count == left + 1)
      turns.end("a", isRight: left != 2)
    }
    for task in waiting { #expect(await task.value) }
    turns.end("a", isRight: true)
    #expect(turns.count == 0)
  }

  @Test func aLoginWaitsForABoundedTime() async throws {
    var options = Self.options
    options.loginWait = .milliseconds(50)
    let turns = LoginTurns(options)
    #expect(await turns.begin("a"))
    #expect(await !turns.begin("a"))
    #expect(turns.count == 1)
    turns.end("a", isRight: false)
    #expect(await turns.begin("a"))
  }

  @Test func withoutProtectionEverybodyMayLook() async throws {
    var options = Self.options
    options.authentication = .unprotected
    try await withAdmin(options) { server in
      let page = try await server.connect("/admin")
      try await page.expect("config")
      #expect(!page.pending.contains { $0.name == "session" })
    }
  }

  @Test func aServerIsInstrumentedOnceAndOnlyWithAHash() throws {
    let io = Server(.quiet)
    for text in ["secret", "", "$2b$03$" + Self.hash.dropFirst(7), "$2x$04$" + Self.hash.dropFirst(7), Self.hash + "."]
    {
      #expect(throws: AdminUIError.invalidPasswordHash) {
        try io.instrument(AdminUI(.basic(username: "ops", passwordHash: text)))
      }
    }
    _ = io.of("/taken")
    var options = Self.options
    options.namespace = "taken"
    #expect(throws: AdminUIError.namespaceInUse("taken")) { try io.instrument(options) }
    options.namespace = "/free"
    try io.instrument(options)
    options.namespace = "/other"
    #expect(throws: AdminUIError.namespaceInUse("/other")) { try io.instrument(options) }
  }

  @Test func hashesOfEveryUsualKindAreChecked() throws {
    for kind in ["$2a$", "$2b$", "$2y$"] {
      let hash = try #require(PasswordHash(kind + Self.hash.dropFirst(4)))
      #expect(hash.matches("secret") && !hash.matches("secre") && !hash.matches(""))
    }
  }

  @Test func sessionsEndAndAreBounded() {
    var sessions = AdminSessions(time: .seconds(10), limit: 2)
    let start = ContinuousClock.now
    let first = sessions.open(now: start)
    #expect(sessions.contains(first, now: start + .seconds(9)) && !sessions.contains(first, now: start + .seconds(10)))
    let second = sessions.open(now: start + .seconds(1))
    let third = sessions.open(now: start + .seconds(2))
    #expect(Set([first, second, third]).count == 3)
    #expect(!sessions.contains(first, now: start + .seconds(2)))
    #expect(sessions.contains(second, now: start + .seconds(2)) && sessions.contains(third, now: start + .seconds(2)))
  }
}

extension Configuration {
  /// One loop, and no log.
  static var quiet: Configuration {
    var configuration = Configuration(loops: 1)
    configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return configuration
  }
}
