internal import BongsuReactor
internal import BongsuWebSocket
internal import NIOCore

/// The same frames for many connections of a loop, plain and compressed: each form is made when the first connection
/// needs it.
struct FrameVariants {
  private struct Deflated {
    let variant: DeflateVariant
    /// Nil: nothing in the frames is worth compressing.
    let frames: SharedFrame?
  }

  let frames: ByteBuffer
  let plain: SharedFrame
  private var deflated: [Deflated] = []

  init(_ frames: ByteBuffer, on loop: Loop) {
    self.frames = frames
    plain = loop.share(frames)
  }

  /// What a connection with this compression is sent.
  mutating func frames(for deflate: PerMessageDeflate?, on loop: Loop) -> SharedFrame {
    guard let deflate else { return plain }
    guard let frames = compressed(deflate.variant, on: loop) else { return plain }
    deflate.sharedFramesFollow()
    return frames
  }

  private mutating func compressed(_ variant: DeflateVariant, on loop: Loop) -> SharedFrame? {
    if let known = deflated.first(where: { $0.variant === variant }) { return known.frames }
    let new = Deflated(variant: variant, frames: variant.deflating(frames).map { loop.share($0) })
    deflated.append(new)
    return new.frames
  }
}
