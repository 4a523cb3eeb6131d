// Many sends as one system call, by io_uring.
//
// This header is all that Swift sees of liburing: `liburing.h` is included only by the .c file beside it. No send
// waits: all of them are over when `cring_submit` returns. A ring is for the thread that opened it.
#ifndef CRING_H
#define CRING_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct cring cring;

/// What became of a send: how many bytes the kernel took, a negative errno value, or one of the constants below.
typedef struct cring_result {
  uint64_t tag;
  int32_t sent;
} cring_result;

enum {
  CRING_WOULD_BLOCK = INT32_MIN,
  CRING_NOT_TRIED = INT32_MIN + 1,  // interrupted, or the kernel takes no more from the ring at all
};

// `error` is a negative errno value when the kernel has no io_uring, has too little of it (before Linux 6.1), or does
// not let this process use it.
cring *_Nullable cring_open(unsigned entries, int *error);
void cring_free(cring *ring);
// There is room for as many as the ring has entries; `bytes` have to stay where they are until `cring_submit`.
void cring_add(cring *ring, int fd, const void *bytes, uint32_t count, uint64_t tag);
// Sends all that was added. Fills `results` with as many and returns their number; negative when the ring is of no use
// any more.
int cring_submit(cring *ring, cring_result *results, unsigned *count);

#pragma clang assume_nonnull end
#endif
