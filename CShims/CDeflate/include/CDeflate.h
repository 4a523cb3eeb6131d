// The part of zlib that permessage-deflate (RFC 7692 §7.2) and HTTP's content codings (RFC 9110 §8.4.1) need, as Swift
// sees it: `zlib.h` is included only by the .c files beside it.
//
// A message is compressed and inflated in steps, so that the caller decides how much room there is and when it has
// become too much. The four bytes that end every message, 00 00 FF FF, never reach the wire: deflating leaves them for
// the caller to cut off, inflating puts them back.
#ifndef CDEFLATE_H
#define CDEFLATE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct cdeflate_deflater cdeflate_deflater;
typedef struct cdeflate_inflater cdeflate_inflater;

typedef enum cdeflate_status {
  CDEFLATE_DONE,       // the message is complete
  CDEFLATE_MORE,       // the room is used up: call again with more
  CDEFLATE_CORRUPT,    // the message is not deflate data, or is cut
  CDEFLATE_EXHAUSTED,  // the process is out of memory
} cdeflate_status;

/// How far a call has come. Zeros before the first call for a message.
typedef struct cdeflate_progress {
  size_t consumed;     // bytes of the message
  size_t produced;     // bytes written by the last call
} cdeflate_progress;

/// level: 1 fastest … 9 smallest. window_bits: 9…15. memory_level: 1…9. Takes 2^(window_bits + 2) +
/// 2^(memory_level + 9) bytes and some thousand more. NULL when the process is out of memory.
cdeflate_deflater *_Nullable cdeflate_deflater_open(int level, int window_bits, int memory_level);
void cdeflate_deflater_reset(cdeflate_deflater *deflater);  // the next message refers to none before it
cdeflate_status cdeflate_deflate(cdeflate_deflater *deflater, const void *message, size_t count, void *output,
                                 size_t room, cdeflate_progress *progress);
void cdeflate_deflater_close(cdeflate_deflater *deflater);

/// window_bits: 8…15. Takes 2^window_bits bytes and some thousand more. NULL when the process is out of memory.
cdeflate_inflater *_Nullable cdeflate_inflater_open(int window_bits);
void cdeflate_inflater_reset(cdeflate_inflater *inflater);  // the next message refers to none before it
cdeflate_status cdeflate_inflate(cdeflate_inflater *inflater, const void *message, size_t count, void *output,
                                 size_t room, cdeflate_progress *progress);
void cdeflate_inflater_close(cdeflate_inflater *inflater);

typedef enum cdeflate_format {
  CDEFLATE_ZLIB,       // RFC 1950: what HTTP calls deflate
  CDEFLATE_GZIP,       // RFC 1952
} cdeflate_format;

/// Compresses a body whole, with some 256 KiB for the length of the call. level: 1 fastest … 9 smallest. Returns the
/// bytes written, or 0: the process is out of memory or the room too small. cdeflate_body_room() is always enough; it
/// is 0 for bodies of gigabytes.
size_t cdeflate_body_room(size_t count);
size_t cdeflate_body(cdeflate_format format, int level, const void *body, size_t count, void *output, size_t room);

#pragma clang assume_nonnull end

#endif
