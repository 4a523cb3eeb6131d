// swift-tools-version: 6.2
import PackageDescription

// Runs the codec under Valgrind, which counts instructions; `Benchmarks/instructions` builds and runs it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "instructions",
  dependencies: [
    .package(name: "bongsu", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CCallgrind"),
    .executableTarget(
      name: "Instructions",
      dependencies: [
        "CCallgrind", .product(name: "BongsuWire", package: "bongsu"), .product(name: "NIOCore", package: "swift-nio"),
      ], swiftSettings: settings),
  ]
)
