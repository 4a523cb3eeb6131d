// What the .c files of this shim share.
#ifndef CTLS_INTERNAL_H
#define CTLS_INTERNAL_H

#include <openssl/ssl.h>

#include "CTLS.h"

enum {
  RECORD_MAX = SSL3_RT_MAX_PLAIN_LENGTH,  // the most plaintext of one record (RFC 8446 §5.1)
  TAG_BYTES = 16,
  IV_BYTES = 12,
  KEY_MAX = 32,
  SECRET_MAX = 48,
  SEATS = 1024,
};

// A cipher suite of TLS 1.3 (RFC 8446 §B.4).
struct suite {
  const char *cipher_name, *digest_name;
  bool is_gcm;
  size_t key_bytes, secret_bytes;
  EVP_CIPHER *cipher;
};

// What is protected with one key after the other: all that we say, or all that the client says.
struct direction {
  uint64_t number;    // of the key; no two keys of the process have the same
  uint64_t sequence;  // records so far with this key (RFC 8446 §5.3)
  uint8_t secret[SECRET_MAX], key[KEY_MAX], iv[IV_BYTES];
  uint8_t secret_bytes;  // 0: there is no secret yet
};

// A cipher with a key in it. It is as large as all else that an idle session owns, so sessions have none of their own.
struct seat {
  EVP_CIPHER_CTX *cipher;
  const struct suite *suite;
  uint64_t number;  // whose key it is; 0: nobody's
};

struct ctls_channel {
  BIO *bio;
  const uint8_t *input;
  size_t input_count;
  uint8_t *output;
  size_t output_count, output_capacity;
  uint8_t staged[RECORD_MAX];  // plaintext on its way to a full record
  size_t staged_count;
  struct seat seats[SEATS];
};

struct ctls_context {
  ctls_tickets *tickets;
  SSL_CTX **sites;
  size_t count;
  X509_STORE *authorities;
  STACK_OF(X509_NAME) *authority_names;
  bool requires_clients;
  uint64_t records_per_key;
  unsigned char group[32];  // sessions resume only among contexts that ask the same of clients
};

struct ctls_session {
  SSL *ssl;  // NULL from the moment on when the records are ours
  const ctls_context *context;
  const struct suite *suite;
  struct direction reading, writing;
  uint8_t *held;  // the start of a record
  size_t held_count;
  char *client_name;
  uint8_t message[5], message_count;  // the start of a handshake message
  uint8_t silent_count;               // records without application data since the last one with it
  bool owes_update;                   // the client has asked for a new key
  bool is_resumed;                    // the handshake went on with an earlier session
  enum { LISTENING, ENDED, BROKEN } state;
};

// Makes the tickets' keys those of `ssl`; `tickets` has to outlive it.
bool ctls_tickets_attach(ctls_tickets *tickets, SSL_CTX *ssl);

// Makes room for `count` more bytes of output.
bool ctls_channel_reserve(ctls_channel *channel, size_t count);

// Keys. A suite is known by its number in the registry (RFC 8446 §B.4).
const struct suite *ctls_suite(uint16_t number);
bool ctls_key_start(const struct suite *suite, struct direction *direction);
bool ctls_key_update(const struct suite *suite, struct direction *direction, ctls_channel *channel);
EVP_CIPHER_CTX *ctls_key_seat(const struct suite *suite, const struct direction *direction, ctls_channel *channel,
                              bool is_writing);
// Starts a record; `tag`: the one it has to have, when it is read; else NULL.
bool ctls_key_begin(EVP_CIPHER_CTX *cipher, const struct suite *suite, const uint8_t *nonce, const uint8_t *tag);
void ctls_key_leave_seat(const struct direction *direction, ctls_channel *channel);

// Whoever makes an SSL that is to be taken over has to note what it logs and writes.
void ctls_takeover_prepare(SSL_CTX *ssl);
bool ctls_take_over(ctls_session *session);
char *ctls_peer_name(const SSL *ssl);  // to be freed; NULL: there is none

// Records of a session that was taken over. Reading takes all of the channel's input.
ctls_progress ctls_records_read(ctls_session *session, ctls_channel *channel, uint8_t *plain, size_t *plain_count);
bool ctls_records_write(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count);
void ctls_records_finish(ctls_session *session, ctls_channel *channel);

#endif
