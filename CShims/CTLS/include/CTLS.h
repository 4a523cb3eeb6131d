// The part of OpenSSL that Bongsu uses, as Swift sees it. OpenSSL's own headers stay in the .c files.
#ifndef CTLS_H
#define CTLS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Writes the 20 bytes of the SHA-1 of `bytes` to `digest`. The WebSocket handshake needs it (RFC 6455 §4.2.2).
void ctls_sha1(const uint8_t *bytes, size_t count, uint8_t *digest);

#pragma clang assume_nonnull end

#endif
