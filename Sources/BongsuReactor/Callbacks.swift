import CLoop

// The functions that CLoop.h declares for Swift to implement. Each unwraps its owner and makes one call.

private func loop(_ owner: UnsafeMutableRawPointer) -> Loop {
  unsafe Unmanaged<LoopReference>.fromOpaque(owner).takeUnretainedValue().loop
}

@c @implementation
public func cloop_thread_main(_ owner: UnsafeMutableRawPointer) {
  unsafe Unmanaged<Loop>.fromOpaque(owner).takeRetainedValue().run()
}

@c @implementation
public func cloop_turn_ended(_ owner: UnsafeMutableRawPointer) { unsafe loop(owner).turnEnded() }

@c @implementation
public func cloop_woken(_ owner: UnsafeMutableRawPointer) { unsafe loop(owner).woken() }

@c @implementation
public func cloop_timer_fired(_ owner: UnsafeMutableRawPointer) { unsafe loop(owner).timerFired() }

@c @implementation
public func cloop_signal_received(_ owner: UnsafeMutableRawPointer, _ number: Int32) {
  unsafe loop(owner).signalReceived(number)
}

@c @implementation
public func cloop_accepted(_ owner: UnsafeMutableRawPointer, _ fd: Int32) {
  unsafe Unmanaged<Listener>.fromOpaque(owner).takeUnretainedValue().accepted(fd)
}

@c @implementation
public func cloop_accept_failed(_ owner: UnsafeMutableRawPointer, _ error: Int32) {
  unsafe Unmanaged<Listener>.fromOpaque(owner).takeUnretainedValue().acceptFailed(error)
}

@c @implementation
public func cloop_abandoned(_ owner: UnsafeMutableRawPointer) {
  unsafe Unmanaged<Connection>.fromOpaque(owner).takeUnretainedValue().abort()
}

@c @implementation
public func cloop_ready(_ owner: UnsafeMutableRawPointer, _ readable: Bool, _ writable: Bool, _ failed: Bool) {
  let connection = unsafe Unmanaged<Connection>.fromOpaque(owner).takeUnretainedValue()
  connection.ready(readable: readable, writable: writable, failed: failed)
}
