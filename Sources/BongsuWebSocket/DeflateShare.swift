/// What all connections of a loop compress and inflate with under the same settings.
final class DeflateShare {
  let settings: DeflateSettings
  let deflated = DeflateScratch()
  /// Another one, since an inflated message is still being handled when its answer is compressed.
  let inflated = DeflateScratch()
  private var sharedInflater: Inflater?

  init(_ settings: DeflateSettings) { self.settings = settings }

  /// The inflater for messages that refer to none before them. Its window is the largest, which suits all.
  func inflater() throws(WebSocketError) -> Inflater {
    guard let inflater = sharedInflater ?? Inflater(windowBits: 15) else { throw .outOfMemory }
    sharedInflater = inflater
    inflater.reset()
    return inflater
  }
}
