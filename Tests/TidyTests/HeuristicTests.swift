import Testing

/// What the tests here are built on.
@Suite struct HeuristicTests {
  private let code = Code(
    ##"""
    /// func comment() {
    protocol Shape {
      func area() -> Int
      init(_ text: String)
    }
    struct Square: Shape {
      let text = "unsafe { \(side { "}" }) unsafe"
      @inline(__always)
      public static func of(_ body: (Int) -> Void = { _ in }) -> Square {
        /* { */ body(1)
        return .init(text: #"}"{"#)
      }
      init(
        text: String
      ) {
        unsafe self.side = text.count
      }
      deinit { close() }
    }
    """##)

  @Test func functionsAreFoundAndMeasured() {
    let functions = Functions.swift(in: code)
    #expect(functions.map(\.line) == [9, 13, 18] && functions.map(\.count) == [4, 5, 1])
  }

  @Test func functionsOfCAreFoundAndMeasured() {
    let text = "int a(void);\nstatic int b(int c,\n  int d) {\n  if (c) {\n  }\n}\nvoid e(void) { f('{'); }\n"
    let functions = Functions.c(in: Code(text))
    #expect(functions.map(\.line) == [2] && functions.map(\.count) == [5])
  }

  @Test func wordsAreCountedInCodeOnly() {
    #expect(code.count(of: "unsafe") == 1 && code.count(of: "func") == 2)
  }

  @Test func importsAreRead() {
    let session = Manifest(Tree.manifest).targets.first { $0.name == "BongsuSession" }
    #expect(session?.dependencies.contains("NIOCore") == true)
    #expect(Tree.swift.first { $0.path == "Sources/BongsuReactor/Loop.swift" }?.imports.contains("CLoop") == true)
  }
}
