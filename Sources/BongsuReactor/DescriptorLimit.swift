import CLoop

/// Raises the process's limit of open files to what it may be at most; returns the limit that holds now.
public func raiseDescriptorLimit() -> Int { Int(cloop_raise_descriptors()) }

/// Makes the allocator give large buffers back to the system as soon as they are freed.
public func keepLargeMemoryApart() { cloop_keep_large_memory_apart() }
