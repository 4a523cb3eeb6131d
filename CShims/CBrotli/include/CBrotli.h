// The part of Brotli's encoder that HTTP's content coding `br` (RFC 7932) needs, as Swift sees it: `brotli/encode.h` is
// included only by the .c file beside it.
#ifndef CBROTLI_H
#define CBROTLI_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// Compresses a body of text whole, with some megabytes for the length of the call. quality: 0 fastest … 11 smallest.
/// Returns the bytes written, or 0: the process is out of memory or the room too small. cbrotli_body_room() is always
/// enough; it is 0 for bodies of gigabytes.
size_t cbrotli_body_room(size_t count);
size_t cbrotli_body(int quality, const void *body, size_t count, void *output, size_t room);

#pragma clang assume_nonnull end

#endif
