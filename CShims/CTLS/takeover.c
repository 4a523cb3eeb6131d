// OpenSSL makes the handshake; once it is over, a session of TLS 1.3 goes on without the SSL, which would cost 14 kB
// for as long as the connection lasts and more time per record than the cipher does.
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static bool decode(const char *hex, uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int high = OPENSSL_hexchar2int((unsigned char)hex[2 * i]), low = OPENSSL_hexchar2int((unsigned char)hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

// `line`: label, client random and secret, the latter two in hexadecimal, one space apart.
static void on_secret(const SSL *ssl, const char *line) {
  ctls_session *session = SSL_get_app_data(ssl);
  bool is_ours = !strncmp(line, "SERVER_TRAFFIC_SECRET_0 ", 24);
  if (!is_ours && strncmp(line, "CLIENT_TRAFFIC_SECRET_0 ", 24)) return;
  struct direction *direction = is_ours ? &session->writing : &session->reading;
  const char *hex = strrchr(line, ' ') + 1;
  size_t count = strlen(hex) / 2;
  direction->sequence = 0;
  direction->secret_bytes = count <= SECRET_MAX && decode(hex, direction->secret, count) ? (uint8_t)count : 0;
}

// Counts the records that leave after the last change of keys: those with session tickets.
static void on_message(int is_written, int version, int kind, const void *bytes, size_t count, SSL *ssl, void *unused) {
  (void)version, (void)bytes, (void)count, (void)unused;
  ctls_session *session = SSL_get_app_data(ssl);
  if (is_written && kind == SSL3_RT_HEADER) session->writing.sequence++;
}

void ctls_takeover_prepare(SSL_CTX *ssl) {
  SSL_CTX_set_keylog_callback(ssl, on_secret);
  SSL_CTX_set_msg_callback(ssl, on_message);
}

char *ctls_peer_name(const SSL *ssl) {
  X509 *certificate = SSL_get0_peer_certificate(ssl);
  BIO *memory = certificate ? BIO_new(BIO_s_mem()) : NULL;
  if (!memory) return NULL;
  X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char *text = calloc(1, CTLS_TEXT_MAX);
  if (text) BIO_read(memory, text, CTLS_TEXT_MAX - 1);
  BIO_free(memory);
  return text;
}

// Nothing of the old session may be left to do: no bytes that it has read and not handed out, no key change.
static bool can_be_taken_over(const ctls_session *session) {
  const SSL *ssl = session->ssl;
  return SSL_version(ssl) == TLS1_3_VERSION && SSL_is_init_finished(ssl) && !SSL_has_pending(ssl) &&
         !SSL_get_shutdown(ssl) && SSL_get_key_update_type(ssl) == SSL_KEY_UPDATE_NONE && session->suite &&
         session->reading.secret_bytes == session->suite->secret_bytes &&
         session->writing.secret_bytes == session->suite->secret_bytes;
}

bool ctls_take_over(ctls_session *session) {
  const SSL_CIPHER *cipher = SSL_get_current_cipher(session->ssl);
  session->suite = cipher ? ctls_suite(SSL_CIPHER_get_protocol_id(cipher)) : NULL;
  bool done = can_be_taken_over(session) && ctls_key_start(session->suite, &session->reading) &&
              ctls_key_start(session->suite, &session->writing);
  if (done && SSL_get0_peer_certificate(session->ssl)) {
    session->client_name = ctls_peer_name(session->ssl);
    done = session->client_name != NULL;
  }
  if (done) {
    SSL_free(session->ssl);
    session->ssl = NULL;
  } else {
    OPENSSL_cleanse(&session->reading, sizeof session->reading);
    OPENSSL_cleanse(&session->writing, sizeof session->writing);
  }
  return done;
}
