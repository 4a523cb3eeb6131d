import CLoop

/// Raises the process's limit of open files to what it may be at most; returns the limit that holds now.
public func raiseDescriptorLimit() -> Int { Int(cloop_raise_descriptors()) }
