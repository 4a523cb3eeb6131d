#include <openssl/err.h>
#include <openssl/ssl.h>

#include "CTLSClient.h"

static SSL *ssl_of(tls_client *client) { return (SSL *)client; }

tls_client *tls_client_open(bool is_1_2) {
  static SSL_CTX *context;
  if (!context) context = SSL_CTX_new(TLS_client_method());
  SSL *ssl = context ? SSL_new(context) : NULL;
  if (!ssl) return NULL;
  int version = is_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
  SSL_set_min_proto_version(ssl, version);
  SSL_set_max_proto_version(ssl, version);
  SSL_set_tlsext_host_name(ssl, "one.example");
  SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl);
  return (tls_client *)ssl;
}

bool tls_client_step(tls_client *client, const uint8_t *bytes, size_t count) {
  SSL *ssl = ssl_of(client);
  if (count > 0) BIO_write(SSL_get_rbio(ssl), bytes, (int)count);
  SSL_do_handshake(ssl);
  ERR_clear_error();
  return SSL_is_init_finished(ssl);
}

bool tls_client_write(tls_client *client, const uint8_t *bytes, size_t count) {
  size_t written;
  bool done = SSL_is_init_finished(ssl_of(client)) && SSL_write_ex(ssl_of(client), bytes, count, &written);
  ERR_clear_error();
  return done && written == count;
}

size_t tls_client_take_output(tls_client *client, uint8_t *bytes, size_t room) {
  int count = BIO_read(SSL_get_wbio(ssl_of(client)), bytes, (int)room);
  return count > 0 ? (size_t)count : 0;
}

size_t tls_client_read(tls_client *client, uint8_t *bytes, size_t room) {
  size_t count = 0;
  if (!SSL_read_ex(ssl_of(client), bytes, room, &count)) count = 0;
  ERR_clear_error();
  return count;
}

void tls_client_close(tls_client *client) { SSL_free(ssl_of(client)); }
