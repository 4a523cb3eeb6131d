// swift-tools-version: 6.2
import PackageDescription

// Times what touches every byte against what else could; `Benchmarks/bytes` builds and runs it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "bytes",
  dependencies: [
    .package(name: "bongsu", path: "../.."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .executableTarget(
      name: "Bytes",
      dependencies: [
        .product(name: "BongsuWire", package: "bongsu"), .product(name: "NIOCore", package: "swift-nio"),
      ], swiftSettings: settings)
  ]
)
