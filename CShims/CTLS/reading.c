// What the client says in a session that was taken over.
#include <openssl/err.h>
#include <stdlib.h>

#include "records.h"

// How many records in a row may carry nothing: key updates, empty ones, those that say `user_canceled`.
enum { SILENT_MAX = 32 };

static size_t length_of(const uint8_t *header) { return (size_t)header[3] << 8 | header[4]; }

// Records whose outside is wrong are refused before their bytes have come.
static int check_header(const uint8_t *header) {
  if (header[0] != APPLICATION_DATA) return UNEXPECTED_MESSAGE;
  if (length_of(header) > CIPHERTEXT_MAX) return RECORD_OVERFLOW;
  return length_of(header) < TAG_BYTES ? BAD_RECORD_MAC : NO_ALERT;
}

// Writes the inside of a record (RFC 8446 §5.2) to `inner`, without its tag.
static bool unseal(ctls_session *session, ctls_channel *channel, const uint8_t *record, uint8_t *inner) {
  struct direction *reading = &session->reading;
  const uint8_t *body = record + HEADER_BYTES;
  size_t count = length_of(record) - TAG_BYTES;
  EVP_CIPHER_CTX *cipher = ctls_key_seat(session->suite, reading, channel, false);
  if (!cipher) return false;
  uint8_t nonce[IV_BYTES];
  make_nonce(reading, nonce);
  reading->sequence++;
  int n;
  bool done = ctls_key_begin(cipher, session->suite, nonce, body + count) &&
              EVP_DecryptUpdate(cipher, NULL, &n, record, HEADER_BYTES) > 0 &&
              (!count || EVP_DecryptUpdate(cipher, inner, &n, body, (int)count) > 0) &&
              EVP_DecryptFinal_ex(cipher, inner + count, &n) > 0;
  if (!done) ERR_clear_error();
  return done;
}

// Of handshake messages only KeyUpdate may come: we have not asked for certificates (RFC 8446 §4.6).
static int take_message(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count) {
  static const uint8_t start[] = {SSL3_MT_KEY_UPDATE, 0, 0, 1};
  if (!count || count > (size_t)KEY_UPDATE_BYTES - session->message_count) return UNEXPECTED_MESSAGE;
  memcpy(session->message + session->message_count, bytes, count);
  session->message_count += count;
  size_t known = session->message_count < sizeof start ? session->message_count : sizeof start;
  if (memcmp(session->message, start, known)) return UNEXPECTED_MESSAGE;
  if (session->message_count < KEY_UPDATE_BYTES) return NO_ALERT;
  session->message_count = 0;
  uint8_t is_requested = session->message[KEY_UPDATE_BYTES - 1];
  if (is_requested > 1) return ILLEGAL_PARAMETER;
  session->owes_update |= is_requested;
  return ctls_key_update(session->suite, &session->reading, channel) ? NO_ALERT : INTERNAL_ERROR;
}

static int take_alert(ctls_session *session, const uint8_t *bytes, size_t count) {
  if (count != 2) return DECODE_ERROR;
  if (bytes[1] == USER_CANCELED) return NO_ALERT;
  if (bytes[1] != CLOSE_NOTIFY) return CLIENT_FAILED;
  session->state = ENDED;
  return NO_ALERT;
}

// Adds what a record says to `plain`.
static int take_record(ctls_session *session, ctls_channel *channel, const uint8_t *record, uint8_t *plain,
                       size_t *plain_count) {
  uint8_t *inner = plain + *plain_count;
  size_t count = length_of(record) - TAG_BYTES;
  if (!unseal(session, channel, record, inner)) return BAD_RECORD_MAC;
  if (count > RECORD_MAX + 1) return RECORD_OVERFLOW;
  while (count > 0 && !inner[count - 1]) count--;
  if (!count) return UNEXPECTED_MESSAGE;
  uint8_t kind = inner[--count];
  // Nothing may come between the parts of a message (RFC 8446 §5.1).
  if (session->message_count > 0 && kind != HANDSHAKE) return UNEXPECTED_MESSAGE;
  if (kind == APPLICATION_DATA && count > 0) {
    session->silent_count = 0;
    *plain_count += count;
    return NO_ALERT;
  }
  if (++session->silent_count > SILENT_MAX) return UNEXPECTED_MESSAGE;
  switch (kind) {
    case APPLICATION_DATA: return NO_ALERT;
    case ALERT: return take_alert(session, inner, count);
    case HANDSHAKE: return take_message(session, channel, inner, count);
    default: return UNEXPECTED_MESSAGE;
  }
}

// How much of the record that is held there should be: its header, or all of it.
static size_t wanted(const ctls_session *session) {
  return session->held_count < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + length_of(session->held);
}

// Moves bytes from the input to the record that is held.
static bool hold(ctls_session *session, ctls_channel *channel) {
  size_t size = wanted(session), n = size - session->held_count;
  uint8_t *held = realloc(session->held, size);
  if (!held) return false;
  if (n > channel->input_count) n = channel->input_count;
  session->held = held;
  memcpy(held + session->held_count, channel->input, n);
  session->held_count += n;
  channel->input += n;
  channel->input_count -= n;
  return true;
}

// Takes a record from the input, or as much of one as there is.
static int take_next(ctls_session *session, ctls_channel *channel, uint8_t *plain, size_t *plain_count) {
  int alert;
  if (!session->held && channel->input_count >= HEADER_BYTES) {
    const uint8_t *record = channel->input;
    if ((alert = check_header(record)) != NO_ALERT) return alert;
    size_t size = HEADER_BYTES + length_of(record);
    if (size <= channel->input_count) {
      channel->input += size;
      channel->input_count -= size;
      return take_record(session, channel, record, plain, plain_count);
    }
  }
  if (!hold(session, channel)) return INTERNAL_ERROR;
  if (session->held_count < HEADER_BYTES) return NO_ALERT;
  if ((alert = check_header(session->held)) != NO_ALERT || session->held_count < wanted(session)) return alert;
  uint8_t *record = session->held;
  session->held = NULL;
  session->held_count = 0;
  alert = take_record(session, channel, record, plain, plain_count);
  free(record);
  return alert;
}

// Several requests for a new key are answered once.
static int answer(ctls_session *session, ctls_channel *channel) {
  if (!session->owes_update) return NO_ALERT;
  session->owes_update = false;
  return ctls_change_key(session, channel) ? NO_ALERT : INTERNAL_ERROR;
}

ctls_progress ctls_records_read(ctls_session *session, ctls_channel *channel, uint8_t *plain, size_t *plain_count) {
  int alert = NO_ALERT;
  while (alert == NO_ALERT && session->state == LISTENING && channel->input_count > 0) {
    alert = take_next(session, channel, plain, plain_count);
  }
  channel->input_count = 0;
  if (alert == NO_ALERT) alert = answer(session, channel);
  if (alert != NO_ALERT) {
    if (alert != CLIENT_FAILED) ctls_say_alert(session, channel, (uint8_t)alert);
    session->state = BROKEN;
  }
  return session->state == LISTENING ? CTLS_MORE : session->state == ENDED ? CTLS_ENDED : CTLS_FAILED;
}
