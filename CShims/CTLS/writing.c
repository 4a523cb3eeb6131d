// What we say in a session that was taken over.
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "records.h"

enum { COPIED_MAX = 1 << 10 };

static bool seal(ctls_session *session, ctls_channel *channel, uint8_t kind, const uint8_t *bytes, size_t count) {
  struct direction *writing = &session->writing;
  size_t length = count + 1 + TAG_BYTES;
  EVP_CIPHER_CTX *cipher = ctls_key_seat(session->suite, writing, channel, true);
  if (!cipher || !ctls_channel_reserve(channel, HEADER_BYTES + length)) return false;
  uint8_t *record = channel->output + channel->output_count, *body = record + HEADER_BYTES;
  const uint8_t header[HEADER_BYTES] = {APPLICATION_DATA, 3, 3, (uint8_t)(length >> 8), (uint8_t)length};
  memcpy(record, header, HEADER_BYTES);
  uint8_t nonce[IV_BYTES];
  make_nonce(writing, nonce);
  OSSL_PARAM tag[] = {
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, body + count + 1, TAG_BYTES),
      OSSL_PARAM_construct_end(),
  };
  // A call costs more than to copy what is short to where its kind stands behind it.
  size_t apart = count > COPIED_MAX ? count : 0, together = count - apart;
  memcpy(body + apart, bytes, together);
  body[count] = kind;
  int n;
  bool done = ctls_key_begin(cipher, session->suite, nonce, NULL) &&
              EVP_EncryptUpdate(cipher, NULL, &n, record, HEADER_BYTES) > 0 &&
              (!apart || EVP_EncryptUpdate(cipher, body, &n, bytes, (int)apart) > 0) &&
              EVP_EncryptUpdate(cipher, body + apart, &n, body + apart, (int)together + 1) > 0 &&
              EVP_EncryptFinal_ex(cipher, body + count + 1, &n) > 0 && EVP_CIPHER_CTX_get_params(cipher, tag) > 0;
  // Even a record that came to nothing has used its nonce.
  writing->sequence++;
  if (done) channel->output_count += HEADER_BYTES + length;
  else ERR_clear_error();
  return done;
}

bool ctls_change_key(ctls_session *session, ctls_channel *channel) {
  static const uint8_t update_not_requested[KEY_UPDATE_BYTES] = {SSL3_MT_KEY_UPDATE, 0, 0, 1, 0};
  return seal(session, channel, HANDSHAKE, update_not_requested, KEY_UPDATE_BYTES) &&
         ctls_key_update(session->suite, &session->writing, channel);
}

void ctls_say_alert(ctls_session *session, ctls_channel *channel, uint8_t description) {
  // A level means nothing any more and has to be there (RFC 8446 §6).
  const uint8_t alert[2] = {description == CLOSE_NOTIFY ? SSL3_AL_WARNING : SSL3_AL_FATAL, description};
  seal(session, channel, ALERT, alert, sizeof alert);
}

bool ctls_records_write(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    size_t n = count < RECORD_MAX ? count : RECORD_MAX;
    bool is_worn = session->writing.sequence + 1 >= session->context->records_per_key;
    if (session->state == BROKEN || (is_worn && !ctls_change_key(session, channel))) return false;
    if (!seal(session, channel, APPLICATION_DATA, bytes, n)) return false;
    bytes += n;
    count -= n;
  }
  return true;
}

void ctls_records_finish(ctls_session *session, ctls_channel *channel) {
  if (session->state != BROKEN) ctls_say_alert(session, channel, CLOSE_NOTIFY);
}
