// Certificates and the rules of a handshake.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// A new key comes long before the one in use has seen too much for AES-GCM, which is at 2^24.5 (RFC 8446 §5.5).
enum { RECORDS_PER_KEY = 1 << 23 };

// The application protocol there is (RFC 7301 §3.1): WebSocket over HTTP/2 or 3 is another thing.
static const unsigned char HTTP_1_1[] = "\x08http/1.1";

// Who insists on other protocols only is refused, as RFC 7301 §3.2 demands.
static int on_protocols(SSL *ssl, const unsigned char **chosen, unsigned char *count, const unsigned char *offered,
                        unsigned int offered_count, void *unused) {
  (void)ssl, (void)unused;
  unsigned char *found;
  int outcome = SSL_select_next_proto(&found, count, HTTP_1_1, sizeof HTTP_1_1 - 1, offered, offered_count);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A certificate of the very name goes before one with a wildcard.
static SSL_CTX *site_named(const ctls_context *context, const char *name) {
  for (int wild = 0; wild < 2; wild++) {
    unsigned int flags = wild ? 0 : X509_CHECK_FLAG_NO_WILDCARDS;
    for (size_t i = 0; i < context->count; i++) {
      X509 *leaf = SSL_CTX_get0_certificate(context->sites[i]);
      if (X509_check_host(leaf, name, 0, flags, NULL) == 1) return context->sites[i];
    }
  }
  return NULL;
}

// Server Name Indication (RFC 6066 §3); an unknown name gets the first certificate, and the client decides.
static int on_server_name(SSL *ssl, int *alert, void *context) {
  (void)alert;
  const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  SSL_CTX *site = name ? site_named(context, name) : NULL;
  ERR_clear_error();
  if (!site) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_SSL_CTX(ssl, site);
  return SSL_TLSEXT_ERR_OK;
}

static bool set_rules(SSL_CTX *ssl, ctls_context *context) {
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_PRIORITIZE_CHACHA);
  // An idle session owns no record buffers; a chain is what its file says, not what could be guessed.
  SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
  ctls_takeover_prepare(ssl);
  // One ticket: each connection brings the next one.
  SSL_CTX_set_num_tickets(ssl, 1);
  SSL_CTX_set_alpn_select_cb(ssl, on_protocols, NULL);
  SSL_CTX_set_tlsext_servername_callback(ssl, on_server_name);
  SSL_CTX_set_tlsext_servername_arg(ssl, context);
  if (context->authorities) {
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | (context->requires_clients ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
    SSL_CTX_set1_cert_store(ssl, context->authorities);
    SSL_CTX_set_client_CA_list(ssl, SSL_dup_CA_list(context->authority_names));
  }
  // AES-128 before AES-256: the shorter key is as far out of reach, and cheaper.
  return SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) > 0 &&
         SSL_CTX_set_cipher_list(ssl, "ECDHE+AESGCM+AES128:ECDHE+AESGCM:ECDHE+CHACHA20") > 0 &&
         SSL_CTX_set_ciphersuites(
             ssl, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") > 0 &&
         SSL_CTX_set_session_id_context(ssl, context->group, sizeof context->group) > 0 &&
         ctls_tickets_attach(context->tickets, ssl);
}

ctls_context *ctls_context_open(ctls_tickets *tickets) {
  ctls_context *context = calloc(1, sizeof *context);
  if (!context) return NULL;
  context->tickets = tickets;
  context->records_per_key = RECORDS_PER_KEY;
  return context;
}

void ctls_context_limit_keys(ctls_context *context, uint64_t records) {
  context->records_per_key = records < RECORDS_PER_KEY ? records : RECORDS_PER_KEY;
}

void ctls_context_close(ctls_context *context) {
  for (size_t i = 0; i < context->count; i++) SSL_CTX_free(context->sites[i]);
  free(context->sites);
  X509_STORE_free(context->authorities);
  sk_X509_NAME_pop_free(context->authority_names, X509_NAME_free);
  free(context);
}

// MARK: Files

// A passphrase would have to be asked for.
static int refuse_passphrase(char *text, int count, int is_writing, void *asked) {
  (void)text, (void)count, (void)is_writing;
  *(bool *)asked = true;
  return -1;
}

static bool is_end_of_pem(void) {
  unsigned long error = ERR_peek_last_error();
  return !error || (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE);
}

static ctls_fault fault(ctls_fault fault, char *why, const char *reason) {
  const char *known = reason ? reason : ERR_reason_error_string(ERR_peek_last_error());
  snprintf(why, CTLS_TEXT_MAX, "%s", known ? known : "cannot be used");
  ERR_clear_error();
  return fault;
}

static BIO *reader(const uint8_t *bytes, size_t count) {
  ERR_clear_error();
  return count > INT32_MAX ? NULL : BIO_new_mem_buf(bytes, (int)count);
}

static ctls_fault use_chain(SSL_CTX *ssl, const uint8_t *pem, size_t count, char *why) {
  BIO *file = reader(pem, count);
  bool asked = false;
  X509 *leaf = file ? PEM_read_bio_X509_AUX(file, NULL, refuse_passphrase, &asked) : NULL;
  bool done = leaf && SSL_CTX_use_certificate(ssl, leaf) > 0;
  bool is_empty = !leaf && is_end_of_pem();
  X509_free(leaf);
  for (X509 *next; done && (next = PEM_read_bio_X509(file, NULL, refuse_passphrase, &asked));) {
    done = SSL_CTX_add0_chain_cert(ssl, next) > 0;
    if (!done) X509_free(next);
  }
  done = done && is_end_of_pem();
  BIO_free(file);
  return done ? CTLS_FAULTLESS : fault(CTLS_BAD_CHAIN, why, is_empty ? "holds no certificate in PEM form" : NULL);
}

static ctls_fault use_key(SSL_CTX *ssl, const uint8_t *pem, size_t count, char *why) {
  BIO *file = reader(pem, count);
  bool asked = false;
  EVP_PKEY *key = file ? PEM_read_bio_PrivateKey(file, NULL, refuse_passphrase, &asked) : NULL;
  BIO_free(file);
  if (asked) return fault(CTLS_BAD_KEY, why, "is protected by a passphrase");
  if (!key) return fault(CTLS_BAD_KEY, why, "holds no private key in PEM form");
  bool fits = X509_check_private_key(SSL_CTX_get0_certificate(ssl), key) > 0;
  bool done = fits && SSL_CTX_use_PrivateKey(ssl, key) > 0;
  EVP_PKEY_free(key);
  return done ? CTLS_FAULTLESS : fault(CTLS_BAD_KEY, why, fits ? NULL : "does not belong to the certificate");
}

ctls_fault ctls_context_add(ctls_context *context, const uint8_t *chain, size_t chain_count, const uint8_t *key,
                            size_t key_count, char *why) {
  SSL_CTX **sites = realloc(context->sites, sizeof *sites * (context->count + 1));
  if (!sites) return fault(CTLS_BAD_CHAIN, why, "does not fit into memory");
  context->sites = sites;
  SSL_CTX *ssl = SSL_CTX_new(TLS_server_method());
  ctls_fault found = ssl && set_rules(ssl, context) ? CTLS_FAULTLESS : fault(CTLS_BAD_CHAIN, why, NULL);
  if (!found) found = use_chain(ssl, chain, chain_count, why);
  if (!found) found = use_key(ssl, key, key_count, why);
  if (found) SSL_CTX_free(ssl);
  else sites[context->count++] = ssl;
  ERR_clear_error();
  return found;
}

ctls_fault ctls_context_ask_clients(ctls_context *context, const uint8_t *pem, size_t count, bool required, char *why) {
  BIO *file = reader(pem, count);
  bool asked = false, done = file != NULL;
  context->authorities = X509_STORE_new();
  context->authority_names = sk_X509_NAME_new_null();
  context->requires_clients = required;
  for (X509 *next; done && (next = PEM_read_bio_X509_AUX(file, NULL, refuse_passphrase, &asked));) {
    X509_NAME *name = X509_NAME_dup(X509_get_subject_name(next));
    done = X509_STORE_add_cert(context->authorities, next) > 0 && sk_X509_NAME_push(context->authority_names, name) > 0;
    X509_free(next);
  }
  BIO_free(file);
  if (!done || !is_end_of_pem()) return fault(CTLS_BAD_AUTHORITIES, why, NULL);
  if (!sk_X509_NAME_num(context->authority_names)) {
    return fault(CTLS_BAD_AUTHORITIES, why, "holds no certificate in PEM form");
  }
  ERR_clear_error();
  EVP_Digest(pem, count, context->group, NULL, EVP_sha256(), NULL);
  context->group[0] ^= required;
  return CTLS_FAULTLESS;
}
