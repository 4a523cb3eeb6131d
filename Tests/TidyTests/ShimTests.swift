import Testing

/// Foreign C stays behind one header of ours per library.
@Suite struct ShimTests {
  private func isForeign(_ header: String) -> Bool {
    ["uv.h", "zlib.h", "liburing.h", "crypt.h"].contains(header)
      || ["uv/", "openssl/", "brotli/", "hiredis"].contains(where: header.hasPrefix)
  }

  @Test func foreignHeadersAreIncludedBehindTheShimsOwn() {
    var count = 0
    for file in Tree.c {
      let foreign = file.includes.filter(isForeign)
      count += foreign.count
      if file.path.contains("/include/") { #expect(foreign.isEmpty, "\(file)") }
    }
    #expect(count > 0, "somebody includes uv.h and OpenSSL")
  }

  @Test func everyShimHasOneHeaderOfItsOwn() {
    let shims = Set(Tree.c.compactMap { $0.path.split(separator: "/").dropFirst().first.map(String.init) })
    for shim in shims {
      let headers = Tree.c.filter { $0.path.hasPrefix("CShims/\(shim)/include/") }.map(\.path)
      #expect(headers == ["CShims/\(shim)/include/\(shim).h"])
    }
  }

  @Test func noCOutsideTheShims() {
    #expect(Tree.sources.allSatisfy { !$0.path.hasSuffix(".c") && !$0.path.hasSuffix(".h") })
  }

  @Test func headersSayWhatMayBeNull() {
    for file in Tree.c where file.path.contains("/include/") {
      #expect(file.text.contains("#pragma clang assume_nonnull begin"), "\(file)")
    }
  }
}
