// Keys of TLS 1.3 traffic, and the ciphers that have them.
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "internal.h"

static struct suite suites[] = {
    {"AES-128-GCM", "SHA256", true, 16, 32, NULL},         // TLS_AES_128_GCM_SHA256, 0x1301
    {"AES-256-GCM", "SHA384", true, 32, 48, NULL},         // TLS_AES_256_GCM_SHA384, 0x1302
    {"ChaCha20-Poly1305", "SHA256", false, 32, 32, NULL},  // TLS_CHACHA20_POLY1305_SHA256, 0x1303
};
// The size of a fixed IV that is all of it: EVP_CTRL_GCM_SET_IV_FIXED with -1.
static const size_t WHOLE_IV = (size_t)-1;
enum { FIRST_SUITE = 0x1301, SUITES = sizeof suites / sizeof *suites };

static EVP_KDF *kdf;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static atomic_uint_fast64_t last_number;

static void fetch(void) {
  kdf = EVP_KDF_fetch(NULL, "TLS13-KDF", NULL);
  for (size_t i = 0; i < SUITES; i++) suites[i].cipher = EVP_CIPHER_fetch(NULL, suites[i].cipher_name, NULL);
}

const struct suite *ctls_suite(uint16_t number) {
  pthread_once(&fetched, fetch);
  if (number < FIRST_SUITE || number >= FIRST_SUITE + SUITES) return NULL;
  const struct suite *suite = &suites[number - FIRST_SUITE];
  return kdf && suite->cipher ? suite : NULL;
}

// HKDF-Expand-Label(secret, label, "", count) (RFC 8446 §7.1).
static bool expand(const struct suite *suite, const uint8_t *secret, const char *label, uint8_t *bytes, size_t count) {
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)suite->digest_name, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, suite->secret_bytes),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PREFIX, "tls13 ", 6),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_LABEL, (void *)label, strlen(label)),
      OSSL_PARAM_construct_end(),
  };
  EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
  bool done = context && EVP_KDF_derive(context, bytes, count, parameters) > 0;
  EVP_KDF_CTX_free(context);
  return done;
}

// RFC 8446 §7.3
bool ctls_key_start(const struct suite *suite, struct direction *direction) {
  direction->number = atomic_fetch_add_explicit(&last_number, 1, memory_order_relaxed) + 1;
  return expand(suite, direction->secret, "key", direction->key, suite->key_bytes) &&
         expand(suite, direction->secret, "iv", direction->iv, IV_BYTES);
}

// RFC 8446 §7.2
bool ctls_key_update(const struct suite *suite, struct direction *direction, ctls_channel *channel) {
  uint8_t secret[SECRET_MAX];
  ctls_key_leave_seat(direction, channel);
  bool done = expand(suite, direction->secret, "traffic upd", secret, suite->secret_bytes);
  if (done) memcpy(direction->secret, secret, suite->secret_bytes);
  OPENSSL_cleanse(secret, sizeof secret);
  if (!done || !ctls_key_start(suite, direction)) return false;
  // Only with the new key: no number may be used twice with one key (RFC 8446 section 5.3).
  direction->sequence = 0;
  return true;
}

static struct seat *seat_of(const struct direction *direction, ctls_channel *channel) {
  return &channel->seats[direction->number % SEATS];
}

// Keys are numbered in the order they come, so as many as there are seats have one each; more than that take turns.
EVP_CIPHER_CTX *ctls_key_seat(const struct suite *suite, const struct direction *direction, ctls_channel *channel,
                              bool is_writing) {
  struct seat *seat = seat_of(direction, channel);
  if (seat->number == direction->number) return seat->cipher;
  if (!seat->cipher) seat->cipher = EVP_CIPHER_CTX_new();
  if (!seat->cipher) return NULL;
  const EVP_CIPHER *cipher = seat->suite == suite ? NULL : suite->cipher;
  seat->number = 0;
  seat->suite = NULL;
  if (EVP_CipherInit_ex2(seat->cipher, cipher, direction->key, NULL, is_writing, NULL) <= 0) return NULL;
  seat->number = direction->number;
  seat->suite = suite;
  return seat->cipher;
}

// A nonce as a parameter saves OpenSSL from asking its cipher first how long nonces are, for every record. ChaCha20's
// takes that parameter for something else.
bool ctls_key_begin(EVP_CIPHER_CTX *cipher, const struct suite *suite, const uint8_t *nonce, const uint8_t *tag) {
  OSSL_PARAM parameters[3], *next = parameters;
  if (tag) *next++ = OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, (void *)tag, TAG_BYTES);
  if (suite->is_gcm) {
    *next++ = OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, (void *)nonce, WHOLE_IV);
  }
  *next = OSSL_PARAM_construct_end();
  return suite->is_gcm ? EVP_CIPHER_CTX_set_params(cipher, parameters) > 0
                       : EVP_CipherInit_ex2(cipher, NULL, NULL, nonce, -1, parameters) > 0;
}

void ctls_key_leave_seat(const struct direction *direction, ctls_channel *channel) {
  struct seat *seat = seat_of(direction, channel);
  if (!direction->number || seat->number != direction->number) return;
  EVP_CIPHER_CTX_reset(seat->cipher);
  seat->number = 0;
  seat->suite = NULL;
}
