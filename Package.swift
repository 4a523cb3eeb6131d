// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let locks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
  name: "bongsu",
  products: [
    .library(name: "Bongsu", targets: ["Bongsu", "BongsuMessagePack"]),
    .library(name: "BongsuService", targets: ["BongsuService"]),
    .library(name: "BongsuTestKit", targets: ["BongsuTestKit"]),
    .executable(name: "bongsu", targets: ["BongsuCLI"]),
    // The pure layers and the reactor's TLS, for the packages Tests/Fuzz and Benchmarks/Instructions. Nothing else
    // should rely on it.
    .library(
      name: "BongsuWire",
      targets: [
        "BongsuBytes", "BongsuHTTP", "BongsuMessagePack", "BongsuWebSocket", "BongsuEngineIO", "BongsuSocketIO",
        "BongsuSession", "BongsuReactor",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .target(name: "CLoop", path: "CShims/CLoop", linkerSettings: [.linkedLibrary("uv")]),
    .target(name: "CRing", path: "CShims/CRing", linkerSettings: [.linkedLibrary("uring")]),
    .target(name: "CTLS", path: "CShims/CTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CDeflate", path: "CShims/CDeflate", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CBrotli", path: "CShims/CBrotli", linkerSettings: [.linkedLibrary("brotlienc")]),
    .target(name: "CCrypt", path: "CShims/CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "BongsuBytes", dependencies: [nio], swiftSettings: settings),
    .target(name: "BongsuHTTP", dependencies: ["CBrotli", "CDeflate", nio], swiftSettings: settings),
    .target(
      name: "BongsuWebSocket", dependencies: ["BongsuBytes", "CDeflate", "CTLS", nio], swiftSettings: settings),
    .target(name: "BongsuEngineIO", dependencies: ["BongsuBytes", nio], swiftSettings: settings),
    .target(name: "BongsuMessagePack", dependencies: ["BongsuBytes", nio], swiftSettings: settings),
    .target(
      name: "BongsuSocketIO", dependencies: ["BongsuBytes", "BongsuMessagePack", nio], swiftSettings: settings),
    .target(
      name: "BongsuSession", dependencies: ["BongsuBytes", "BongsuEngineIO", "BongsuSocketIO", nio],
      swiftSettings: settings),
    .target(
      name: "BongsuReactor", dependencies: ["BongsuBytes", "CLoop", "CRing", "CTLS", nio], swiftSettings: settings),
    .target(name: "BongsuRooms", swiftSettings: settings),
    .target(
      name: "Bongsu",
      dependencies: [
        "BongsuBytes", "BongsuHTTP", "BongsuMessagePack", "BongsuWebSocket", "BongsuEngineIO", "BongsuSocketIO",
        "BongsuRooms", "BongsuSession", "BongsuReactor", "CCrypt", locks, logging, metrics, nio,
      ], swiftSettings: settings),
    .target(name: "BongsuService", dependencies: ["Bongsu", lifecycle], swiftSettings: settings),
    .target(
      name: "BongsuTestKit", dependencies: ["Bongsu", "BongsuBytes", "BongsuReactor", locks, nio],
      swiftSettings: settings),
    .executableTarget(
      name: "BongsuCLI", dependencies: ["Bongsu", arguments, locks, logging, metrics], resources: [.embedInCode("Web")],
      swiftSettings: settings),
    .executableTarget(
      name: "chat", dependencies: ["Bongsu"], path: "Sources/Examples/Chat", swiftSettings: settings),
    .executableTarget(
      name: "conformance", dependencies: ["Bongsu", arguments], path: "Sources/Examples/Conformance",
      swiftSettings: settings),
    .executableTarget(
      name: "calls", dependencies: ["Bongsu", "Loopback", arguments, locks, nio], path: "Tests/CallsServer",
      swiftSettings: settings),
    .testTarget(name: "BongsuBytesTests", dependencies: ["BongsuBytes", nio], swiftSettings: settings),
    .testTarget(name: "BongsuHTTPTests", dependencies: ["BongsuHTTP", nio], swiftSettings: settings),
    .testTarget(
      name: "BongsuWebSocketTests", dependencies: ["BongsuWebSocket", "BongsuBytes", nio], swiftSettings: settings),
    .testTarget(name: "BongsuEngineIOTests", dependencies: ["BongsuEngineIO", nio], swiftSettings: settings),
    .testTarget(name: "BongsuMessagePackTests", dependencies: ["BongsuMessagePack", nio], swiftSettings: settings),
    .testTarget(
      name: "BongsuSocketIOTests", dependencies: ["BongsuSocketIO", "BongsuMessagePack", nio],
      swiftSettings: settings),
    .testTarget(name: "BongsuRoomsTests", dependencies: ["BongsuRooms"], swiftSettings: settings),
    .testTarget(
      name: "BongsuSessionTests",
      dependencies: ["BongsuSession", "BongsuBytes", "BongsuEngineIO", "BongsuSocketIO", nio],
      swiftSettings: settings),
    .testTarget(
      name: "BongsuReactorTests", dependencies: ["BongsuReactor", "BongsuBytes", "Loopback", locks, nio],
      swiftSettings: settings),
    .testTarget(
      name: "BongsuTests",
      dependencies: [
        "Bongsu", "BongsuBytes", "BongsuHTTP", "BongsuMessagePack", "BongsuSession", "BongsuSocketIO", "BongsuReactor",
        "BongsuService", "BongsuTestKit", "BongsuWebSocket", "Loopback", lifecycle, locks, logging, metrics, nio,
        signals,
      ], swiftSettings: settings),
    .testTarget(
      name: "BongsuTestKitTests", dependencies: ["BongsuTestKit", "Bongsu", locks, nio], swiftSettings: settings),
    .testTarget(name: "TidyTests", swiftSettings: settings),
    .target(name: "Loopback", path: "Tests/Loopback", swiftSettings: settings),
  ]
)
