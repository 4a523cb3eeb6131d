// What the .c files of this shim share.
#ifndef CTLS_INTERNAL_H
#define CTLS_INTERNAL_H

#include <openssl/ssl.h>

#include "CTLS.h"

// The most plaintext of one record (RFC 8446 §5.1).
enum { RECORD_MAX = SSL3_RT_MAX_PLAIN_LENGTH };

struct ctls_channel {
  BIO *bio;
  const uint8_t *input;
  size_t input_count;
  uint8_t *output;
  size_t output_count, output_capacity;
  uint8_t staged[RECORD_MAX];  // plaintext on its way to a full record
  size_t staged_count;
};

struct ctls_context {
  ctls_tickets *tickets;
  SSL_CTX **sites;
  size_t count;
  X509_STORE *authorities;
  STACK_OF(X509_NAME) *authority_names;
  bool requires_clients;
  unsigned char group[32];  // sessions resume only among contexts that ask the same of clients
};

// Makes the tickets' keys those of `ssl`; `tickets` has to outlive it.
bool ctls_tickets_attach(ctls_tickets *tickets, SSL_CTX *ssl);

#endif
