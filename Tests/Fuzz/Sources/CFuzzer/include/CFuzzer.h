#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// libFuzzer's driver, for programs that have a `main` of their own. The compiler's fuzzer runtime has it, and no header
/// comes with that.
int LLVMFuzzerRunDriver(int *argc, char *_Nullable *_Nonnull *_Nonnull argv,
                        int (*run)(const uint8_t *_Nullable data, size_t size));

#pragma clang assume_nonnull end
