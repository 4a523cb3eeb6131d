// One connection's TLS: OpenSSL's for the handshake, and for all of TLS 1.2; then ours.
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// The shortest limit for records that OpenSSL knows.
enum { SMALL = 512 };

// The session's SSL, reading from and writing to `channel`.
static SSL *attach(ctls_session *session, ctls_channel *channel) {
  SSL *ssl = session->ssl;
  if (SSL_get_rbio(ssl) == channel->bio) return ssl;
  BIO_up_ref(channel->bio);
  SSL_set0_rbio(ssl, channel->bio);
  BIO_up_ref(channel->bio);
  SSL_set0_wbio(ssl, channel->bio);
  return ssl;
}

ctls_session *ctls_session_open(const ctls_context *context) {
  ctls_session *session = context->count ? calloc(1, sizeof *session) : NULL;
  SSL *ssl = session ? SSL_new(context->sites[0]) : NULL;
  if (!ssl) {
    free(session);
    return NULL;
  }
  SSL_set_app_data(ssl, session);
  SSL_set_accept_state(ssl);
  session->ssl = ssl;
  session->context = context;
  return session;
}

void ctls_session_leave(ctls_session *session, ctls_channel *channel) {
  ctls_key_leave_seat(&session->reading, channel);
  ctls_key_leave_seat(&session->writing, channel);
}

void ctls_session_close(ctls_session *session) {
  SSL_free(session->ssl);
  free(session->held);
  free(session->client_name);
  OPENSSL_cleanse(session, sizeof *session);
  free(session);
}

bool ctls_is_established(const ctls_session *session) { return !session->ssl || SSL_is_init_finished(session->ssl); }

bool ctls_is_resumed(const ctls_session *session) { return session->is_resumed; }

// Why a call of OpenSSL has not done what it should.
static ctls_progress reason(const SSL *ssl) {
  int error = SSL_get_error(ssl, 0);
  if (error == SSL_ERROR_WANT_READ) return CTLS_MORE;
  ctls_progress progress = error == SSL_ERROR_ZERO_RETURN ? CTLS_ENDED : CTLS_FAILED;
  ERR_clear_error();
  return progress;
}

// False: it goes on, or has failed.
static bool shake_hands(ctls_session *session, ctls_progress *progress) {
  if (SSL_is_init_finished(session->ssl)) return true;
  // Without read-ahead, nothing is read that comes after the handshake.
  if (SSL_do_handshake(session->ssl) <= 0) {
    *progress = reason(session->ssl);
    return false;
  }
  session->is_resumed = SSL_session_reused(session->ssl);
  // From here on, head and body of a record in one go.
  if (!ctls_take_over(session)) SSL_set_read_ahead(session->ssl, 1);
  return true;
}

static ctls_progress read_by_openssl(SSL *ssl, ctls_channel *channel, uint8_t *plain, size_t capacity,
                                     size_t *plain_count) {
  // Ciphertext is longer than its plaintext, so the room suffices.
  while (channel->input_count > 0 || SSL_has_pending(ssl)) {
    size_t n = 0;
    if (!SSL_read_ex(ssl, plain + *plain_count, capacity - *plain_count, &n)) return reason(ssl);
    if (!n) break;
    *plain_count += n;
  }
  return CTLS_MORE;
}

ctls_progress ctls_read(ctls_session *session, ctls_channel *channel, const uint8_t *input, size_t count,
                        uint8_t *plain, size_t capacity, size_t *plain_count) {
  channel->input = input;
  channel->input_count = count;
  *plain_count = 0;
  ctls_progress progress = CTLS_MORE;
  if (session->ssl) {
    // SSL_get_error takes what it finds in the thread's queue for this session's, even if a call that succeeded left
    // it.
    if (ERR_peek_error()) ERR_clear_error();
    attach(session, channel);
    if (shake_hands(session, &progress) && session->ssl) {
      progress = read_by_openssl(session->ssl, channel, plain, capacity, plain_count);
    }
  }
  if (!session->ssl) progress = ctls_records_read(session, channel, plain, plain_count);
  channel->input_count = 0;
  return progress;
}

// OpenSSL allocates a buffer for the longest record that it may have to write, and most have a few bytes to carry.
static bool encrypt(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count) {
  if (!session->ssl) return ctls_records_write(session, channel, bytes, count);
  SSL *ssl = attach(session, channel);
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
  return !count || encrypt(session, channel, channel->staged, count);
}

// Every record costs its 22 bytes and a start of the cipher, so small pieces are put together into full records.
bool ctls_write(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    size_t room = RECORD_MAX - channel->staged_count, n = count;
    if (!channel->staged_count && count >= RECORD_MAX) {
      n = count - count % RECORD_MAX;
      if (!encrypt(session, channel, bytes, n)) return false;
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
  if (!session->ssl) return ctls_records_finish(session, channel);
  SSL *ssl = attach(session, channel);
  if (SSL_is_init_finished(ssl)) SSL_shutdown(ssl);
  ERR_clear_error();
}

size_t ctls_client_name(const ctls_session *session, char *text) {
  char *name = session->ssl ? ctls_peer_name(session->ssl) : session->client_name;
  size_t count = name ? strlen(name) : 0;
  if (count > 0) memcpy(text, name, count);
  if (session->ssl) free(name);
  return count;
}
