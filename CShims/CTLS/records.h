// The record layer of TLS 1.3 (RFC 8446 §5) with the ciphers of OpenSSL, once the handshake is over.
#ifndef CTLS_RECORDS_H
#define CTLS_RECORDS_H

#include <string.h>

#include "internal.h"

enum {
  HEADER_BYTES = 5,
  CIPHERTEXT_MAX = RECORD_MAX + 256,  // RFC 8446 §5.2
  KEY_UPDATE_BYTES = 5,
};

// What records carry (RFC 8446 §5.1).
enum { ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23 };

// RFC 8446 §6
enum {
  CLOSE_NOTIFY = 0,
  UNEXPECTED_MESSAGE = 10,
  BAD_RECORD_MAC = 20,
  RECORD_OVERFLOW = 22,
  ILLEGAL_PARAMETER = 47,
  DECODE_ERROR = 50,
  INTERNAL_ERROR = 80,
  USER_CANCELED = 90,
  // Not on the wire: how reading goes on.
  NO_ALERT = 256,
  CLIENT_FAILED = 257,
};

// The nonce of the next record (RFC 8446 §5.3).
static inline void make_nonce(const struct direction *direction, uint8_t *nonce) {
  memcpy(nonce, direction->iv, IV_BYTES);
  for (int i = 0; i < 8; i++) nonce[IV_BYTES - 1 - i] ^= (uint8_t)(direction->sequence >> (8 * i));
}

// The last record with a key says so (RFC 8446 §4.6.3).
bool ctls_change_key(ctls_session *session, ctls_channel *channel);
void ctls_say_alert(ctls_session *session, ctls_channel *channel, uint8_t description);

#endif
