import Testing

/// Arrows point down only.
@Suite struct LayerTests {
  /// Target → the package's own targets that it may import. A new target needs a line here, and a reason.
  private static let layers: [String: Set<String>] = [
    "BongsuBytes": [],
    "BongsuHTTP": ["BongsuBytes", "CBrotli", "CDeflate"],
    "BongsuWebSocket": ["BongsuBytes", "CDeflate", "CTLS"],
    "BongsuEngineIO": ["BongsuBytes"],
    "BongsuMessagePack": ["BongsuBytes"],
    "BongsuSocketIO": ["BongsuBytes", "BongsuMessagePack"],
    "BongsuRooms": [],
    "BongsuSession": ["BongsuBytes", "BongsuEngineIO", "BongsuSocketIO"],
    "BongsuReactor": ["BongsuBytes", "CLoop", "CRing", "CTLS"],
    "Bongsu": [
      "BongsuBytes", "BongsuHTTP", "BongsuMessagePack", "BongsuWebSocket", "BongsuEngineIO", "BongsuSocketIO",
      "BongsuRooms", "BongsuSession", "BongsuReactor", "CCrypt",
    ],
    "BongsuService": ["Bongsu"],
    // Test clients live on a loop of their own, and the time of the server's loops is theirs to move.
    "BongsuTestKit": ["Bongsu", "BongsuBytes", "BongsuReactor"],
    "BongsuCLI": ["Bongsu"],
    "chat": ["Bongsu"],
    "conformance": ["Bongsu"],
  ]

  /// Target → what it may import of other packages and of the system.
  private static let foreign: [String: Set<String>] = [
    "BongsuBytes": ["NIOCore"],
    "BongsuHTTP": ["NIOCore"],
    "BongsuWebSocket": ["NIOCore"],
    "BongsuEngineIO": ["NIOCore"],
    "BongsuMessagePack": ["NIOCore"],
    "BongsuSocketIO": ["NIOCore"],
    "BongsuRooms": ["Synchronization"],
    "BongsuSession": ["NIOCore"],
    "BongsuReactor": ["NIOCore", "Synchronization"],
    // Dispatch for a thread on which passwords are checked.
    "Bongsu": [
      "CoreMetrics", "Dispatch", "FoundationEssentials", "Logging", "NIOConcurrencyHelpers", "NIOCore",
      "Synchronization",
    ],
    "BongsuService": ["ServiceLifecycle"],
    "BongsuTestKit": ["NIOConcurrencyHelpers", "NIOCore", "Synchronization", "FoundationEssentials", "Glibc"],
    "BongsuCLI": ["ArgumentParser", "CoreMetrics", "Foundation", "Logging", "NIOConcurrencyHelpers"],
    "chat": [],
    "conformance": ["ArgumentParser", "Foundation"],
  ]

  private static let pure = [
    "BongsuBytes", "BongsuHTTP", "BongsuMessagePack", "BongsuWebSocket", "BongsuEngineIO", "BongsuSocketIO",
    "BongsuRooms", "BongsuSession",
  ]

  private let manifest = Manifest(Tree.manifest)

  private func files(of target: Manifest.Target) -> [File] {
    Tree.swift.filter { $0.path.hasPrefix(target.directory + "/") }
  }

  private var targets: [Manifest.Target] { manifest.targets.filter { $0.directory.hasPrefix("Sources/") } }

  @Test func everySourceBelongsToATargetOfTheTable() {
    #expect(Set(targets.map(\.name)) == Set(Self.layers.keys) && Set(Self.layers.keys) == Set(Self.foreign.keys))
    #expect(Tree.swift.count > 100)
    for file in Tree.swift {
      #expect(targets.contains { file.path.hasPrefix($0.directory + "/") }, "\(file)")
    }
  }

  @Test func importsPointDownward() {
    for target in targets {
      let allowed = Self.layers[target.name, default: []].union(Self.foreign[target.name, default: []])
      for file in files(of: target) {
        for module in file.imports where !allowed.contains(module) {
          Issue.record("\(file) imports \(module)")
        }
      }
    }
  }

  /// The compiler lets undeclared imports pass when they happen to be built already.
  @Test func importsAndTheManifestAgree() {
    let system: Set = [
      "Synchronization", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "PackageDescription",
    ]
    for target in targets {
      let imported = Set(files(of: target).flatMap(\.imports)).subtracting(system)
      #expect(imported == target.dependencies, "\(target.name)")
      #expect(target.dependencies.isDisjoint(with: system))
    }
  }

  @Test func theLayersHaveNoCycle() {
    var rest = Self.layers
    var done: Set<String> = ["CTLS", "CLoop", "CRing", "CDeflate", "CBrotli", "CCrypt"]
    while let next = rest.first(where: { $0.value.isSubset(of: done) }) {
      done.insert(next.key)
      rest[next.key] = nil
    }
    #expect(rest.isEmpty)
  }

  @Test func pureTargetsHaveNoEffects() {
    let effects: Set = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch", "CLoop"]
    for target in targets where Self.pure.contains(target.name) {
      for file in files(of: target) {
        #expect(effects.isDisjoint(with: file.imports), "\(file)")
      }
    }
  }

  @Test func everySwiftTargetIsStrict() {
    #expect(manifest.targets.count > 12)
    for target in manifest.targets {
      #expect(target.settings == (target.isC ? nil : "settings"), "\(target.name)")
    }
    let wanted = [
      ".swiftLanguageMode(.v6)", ".strictMemorySafety()", ".treatAllWarnings(as: .error)",
      #".enableUpcomingFeature("ExistentialAny")"#, #".enableUpcomingFeature("InternalImportsByDefault")"#,
      #".enableUpcomingFeature("MemberImportVisibility")"#,
    ]
    for setting in wanted { #expect(manifest.settings.contains(setting), "\(setting)") }
    #expect(!Tree.manifest.text.contains("unsafeFlags"))
  }
}
