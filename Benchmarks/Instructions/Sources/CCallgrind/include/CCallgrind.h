#pragma once

#pragma clang assume_nonnull begin

/// Begins to count. Outside of Valgrind this and the next do nothing.
void ccallgrind_start(void);

/// Ends counting and writes what was counted since the start to a file of its own, under this name.
void ccallgrind_stop(const char *name);

#pragma clang assume_nonnull end
