// The part of OpenSSL that Bongsu uses, as Swift sees it: TLS for servers over memory, and one hash.
//
// OpenSSL's own headers stay in the .c files. Nothing here touches a socket: ciphertext goes in as bytes and comes out
// in the buffer of a channel, of which every thread that runs sessions has one. A session belongs to one thread at a
// time and may change both thread and channel between two calls; contexts and tickets are shared by any number of them.
#ifndef CTLS_H
#define CTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct ctls_tickets ctls_tickets;
typedef struct ctls_context ctls_context;
typedef struct ctls_channel ctls_channel;
typedef struct ctls_session ctls_session;

enum { CTLS_TEXT_MAX = 256 };

typedef enum ctls_fault { CTLS_FAULTLESS, CTLS_BAD_CHAIN, CTLS_BAD_KEY, CTLS_BAD_AUTHORITIES } ctls_fault;
typedef enum ctls_progress { CTLS_MORE, CTLS_ENDED, CTLS_FAILED } ctls_progress;

/// Writes the 20 bytes of the SHA-1 of `bytes` to `digest`. The WebSocket handshake needs it (RFC 6455 §4.2.2).
void ctls_sha1(const uint8_t *bytes, size_t count, uint8_t *digest);

// Keys for session tickets (RFC 5077, RFC 8446 §4.6.1), new ones every period; tickets live for two periods.
ctls_tickets *_Nullable ctls_tickets_open(uint32_t period_seconds);
void ctls_tickets_close(ctls_tickets *tickets);

// Certificates and rules. `tickets` has to outlive the context, the context its sessions. What is asked of clients
// comes before the first certificate. `why` holds CTLS_TEXT_MAX bytes and says what is wrong with a file, as the end
// of a sentence that its name begins.
ctls_context *_Nullable ctls_context_open(ctls_tickets *tickets);
ctls_fault ctls_context_ask_clients(ctls_context *context, const uint8_t *pem, size_t count, bool required, char *why);
ctls_fault ctls_context_add(ctls_context *context, const uint8_t *chain, size_t chain_count, const uint8_t *key,
                            size_t key_count, char *why);  // the first is for clients that name no server we know
void ctls_context_limit_keys(ctls_context *context, uint64_t records);  // sent with one key; no more than 2^23
void ctls_context_close(ctls_context *context);

// Channel: what sessions have to send, one after the other.
ctls_channel *_Nullable ctls_channel_open(void);
const uint8_t *ctls_channel_output(const ctls_channel *channel, size_t *count);
void ctls_channel_clear(ctls_channel *channel);
void ctls_channel_close(ctls_channel *channel);

// Session
ctls_session *_Nullable ctls_session_open(const ctls_context *context);
/// Takes all of `input` and writes what it says to `plain`, which has room for CTLS_HELD_MAX bytes more than `input`.
ctls_progress ctls_read(ctls_session *session, ctls_channel *channel, const uint8_t *input, size_t count,
                        uint8_t *plain, size_t capacity, size_t *plain_count);
/// What is written may wait in the channel for a full record, until a write fails or `ctls_flush`, which has to come
/// before another session's turn.
bool ctls_write(ctls_session *session, ctls_channel *channel, const uint8_t *bytes, size_t count);
bool ctls_flush(ctls_session *session, ctls_channel *channel);
void ctls_finish(ctls_session *session, ctls_channel *channel);  // close_notify
bool ctls_is_established(const ctls_session *session);
bool ctls_is_resumed(const ctls_session *session);                 // once it is established
size_t ctls_client_name(const ctls_session *session, char *text);  // of its certificate; 0: it has none
/// Leaves no key behind in the channel; before the session is closed or goes on with another channel.
void ctls_session_leave(ctls_session *session, ctls_channel *channel);
void ctls_session_close(ctls_session *session);

/// What a session may hold of a record that was cut off (RFC 8446 §5.2).
enum { CTLS_HELD_MAX = 17 << 10 };

#pragma clang assume_nonnull end

#endif
