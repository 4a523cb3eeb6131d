// One connection's TLS. A `ctls_session` is OpenSSL's SSL itself: a wrapper would cost memory and say nothing.
#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>

#include "internal.h"

// The shortest limit for records that OpenSSL knows.
enum { SMALL = 512 };

static SSL *ssl_of(const ctls_session *session) { return (SSL *)session; }

// The session's SSL, reading from and writing to `channel`.
static SSL *attach(ctls_session *session, ctls_channel *channel) {
  SSL *ssl = ssl_of(session);
  if (SSL_get_rbio(ssl) == channel->bio) return ssl;
  BIO_up_ref(channel->bio);
  SSL_set0_rbio(ssl, channel->bio);
  BIO_up_ref(channel->bio);
  SSL_set0_wbio(ssl, channel->bio);
  return ssl;
}

ctls_session *ctls_session_open(const ctls_context *context) {
  if (!context->count) return NULL;
  SSL *ssl = SSL_new(context->sites[0]);
  if (ssl) SSL_set_accept_state(ssl);
  return (ctls_session *)ssl;
}

void ctls_session_close(ctls_session *session) { SSL_free(ssl_of(session)); }

bool ctls_is_established(const ctls_session *session) { return SSL_is_init_finished(ssl_of(session)); }

// Why SSL_read has stopped.
static ctls_progress reason(const SSL *ssl) {
  int error = SSL_get_error(ssl, 0);
  if (error == SSL_ERROR_WANT_READ) return CTLS_MORE;
  ctls_progress progress = error == SSL_ERROR_ZERO_RETURN ? CTLS_ENDED : CTLS_FAILED;
  ERR_clear_error();
  return progress;
}

ctls_progress ctls_read(ctls_session *session, ctls_channel *channel, const uint8_t *input, size_t count,
                        uint8_t *plain, size_t capacity, size_t *plain_count) {
  SSL *ssl = attach(session, channel);
  channel->input = input;
  channel->input_count = count;
  *plain_count = 0;
  ctls_progress progress = CTLS_MORE;
  // SSL_get_error takes what it finds in the thread's queue for this session's, even if a call that succeeded left it.
  if (ERR_peek_error()) ERR_clear_error();
  // Ciphertext is longer than its plaintext, so the room suffices. The last read of a handshake leaves no input and
  // still has work to do, hence do-while.
  do {
    size_t n = 0;
    if (SSL_read_ex(ssl, plain + *plain_count, capacity - *plain_count, &n)) *plain_count += n;
    else progress = reason(ssl);
    if (!n) break;
  } while (channel->input_count > 0 || SSL_has_pending(ssl));
  channel->input_count = 0;
  return progress;
}

// OpenSSL allocates a buffer for the longest record that it may have to write, and most have a few bytes to carry.
static bool encrypt(SSL *ssl, const uint8_t *bytes, size_t count) {
  size_t written;
  long longest = count <= SMALL ? SMALL : RECORD_MAX;
  SSL_set_max_send_fragment(ssl, longest);
  SSL_set_split_send_fragment(ssl, longest);
  if (SSL_write_ex(ssl, bytes, count, &written) && written == count) return true;
  ERR_clear_error();
  return false;
}

bool ctls_flush(ctls_session *session, ctls_channel *channel) {
  size_t count = channel->staged_count;
  channel->staged_count = 0;
  return !count || encrypt(attach(session, channel), channel->staged, count);
}

// Every record costs its 22 bytes and a start of the cipher, so small pieces are put together into full records.
bool ctls_write(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    size_t room = RECORD_MAX - channel->staged_count, n = count;
    if (!channel->staged_count && count >= RECORD_MAX) {
      n = count - count % RECORD_MAX;
      if (!encrypt(attach(session, channel), bytes, n)) return false;
    } else {
      if (n > room) n = room;
      memcpy(channel->staged + channel->staged_count, bytes, n);
      channel->staged_count += n;
      if (n == room && !ctls_flush(session, channel)) return false;
    }
    bytes += n;
    count -= n;
  }
  return true;
}

void ctls_finish(ctls_session *session, ctls_channel *channel) {
  SSL *ssl = attach(session, channel);
  if (SSL_is_init_finished(ssl)) SSL_shutdown(ssl);
  ERR_clear_error();
}

size_t ctls_client_name(const ctls_session *session, char *text) {
  X509 *certificate = SSL_get0_peer_certificate(ssl_of(session));
  BIO *memory = certificate ? BIO_new(BIO_s_mem()) : NULL;
  if (!memory) return 0;
  X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  int count = BIO_read(memory, text, CTLS_TEXT_MAX);
  BIO_free(memory);
  return count > 0 ? (size_t)count : 0;
}
