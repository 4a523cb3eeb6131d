// Session tickets: the server keeps nothing, the client brings back what was encrypted for it. Who learns a key can
// read the TLS 1.2 sessions of its tickets, so keys are random, change, and are forgotten.
#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

enum { KEYS = 3, NAME_BYTES = 16, SECRET_BYTES = 32 };

struct key {
  unsigned char name[NAME_BYTES], cipher[SECRET_BYTES], mac[SECRET_BYTES];
};

struct ctls_tickets {
  pthread_mutex_t lock;
  EVP_CIPHER *cipher;
  struct key keys[KEYS];  // the first encrypts, all decrypt
  time_t since;
  uint32_t period;
};

static time_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_BOOTTIME, &time);
  return time.tv_sec;
}

// Shifts the keys by as many places as periods have passed.
static bool turn_keys(ctls_tickets *tickets) {
  time_t periods = (now() - tickets->since) / tickets->period;
  if (periods <= 0) return true;
  tickets->since += periods * tickets->period;
  for (time_t i = 0; i < periods && i < KEYS; i++) {
    memmove(&tickets->keys[1], &tickets->keys[0], sizeof(struct key) * (KEYS - 1));
    if (RAND_bytes((unsigned char *)&tickets->keys[0], sizeof(struct key)) <= 0) return false;
  }
  return true;
}

// 0 or more: the position of the key for `name`, or of the first for a new ticket; -1: no such key.
static int take_key(ctls_tickets *tickets, const unsigned char *name, bool is_new, struct key *key) {
  int found = -1;
  pthread_mutex_lock(&tickets->lock);
  if (turn_keys(tickets)) {
    for (int i = 0; i < KEYS && found < 0; i++) {
      if (is_new || !memcmp(name, tickets->keys[i].name, NAME_BYTES)) found = i;
    }
  }
  if (found >= 0) *key = tickets->keys[found];
  pthread_mutex_unlock(&tickets->lock);
  return found;
}

static bool set_mac(EVP_MAC_CTX *mac, struct key *key) {
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac, SECRET_BYTES),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_CTX_set_params(mac, parameters) > 0;
}

// SSL_CTX_set_tlsext_ticket_key_evp_cb(3): -1 error, 0 no such key, 1 done, 2 done and the ticket should be renewed.
static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
                     int is_new) {
  ctls_tickets *tickets = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  struct key key;
  int position = take_key(tickets, name, is_new, &key);
  if (position < 0) return is_new ? -1 : 0;
  bool done = set_mac(mac, &key);
  if (is_new) {
    memcpy(name, key.name, NAME_BYTES);
    done = done && RAND_bytes(iv, EVP_CIPHER_get_iv_length(tickets->cipher)) > 0;
  }
  done = done && EVP_CipherInit_ex(cipher, tickets->cipher, NULL, key.cipher, iv, is_new) > 0;
  OPENSSL_cleanse(&key, sizeof key);
  return !done ? -1 : position > 0 ? 2 : 1;
}

ctls_tickets *ctls_tickets_open(uint32_t period_seconds) {
  ctls_tickets *tickets = calloc(1, sizeof *tickets);
  if (!tickets) return NULL;
  pthread_mutex_init(&tickets->lock, NULL);
  tickets->period = period_seconds ? period_seconds : 1;
  tickets->since = now();
  tickets->cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
  if (tickets->cipher && RAND_bytes((unsigned char *)tickets->keys, sizeof tickets->keys) > 0) return tickets;
  ctls_tickets_close(tickets);
  return NULL;
}

bool ctls_tickets_attach(ctls_tickets *tickets, SSL_CTX *ssl) {
  SSL_CTX_set_app_data(ssl, tickets);
  SSL_CTX_set_timeout(ssl, (long)tickets->period * (KEYS - 1));
  return SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, on_ticket) > 0;
}

void ctls_tickets_close(ctls_tickets *tickets) {
  EVP_CIPHER_free(tickets->cipher);
  pthread_mutex_destroy(&tickets->lock);
  OPENSSL_cleanse(tickets, sizeof *tickets);
  free(tickets);
}
