// OpenSSL as a client over memory, for valid bytes that can be spoilt. It believes every certificate.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct tls_client tls_client;

tls_client *_Nullable tls_client_open(bool is_1_2);
/// Takes what the server said; true once the handshake is over.
bool tls_client_step(tls_client *client, const uint8_t *bytes, size_t count);
/// Encrypts; false before the handshake is over.
bool tls_client_write(tls_client *client, const uint8_t *bytes, size_t count);
/// Moves what the client has to send; as much as fits, 0 when there is no more.
size_t tls_client_take_output(tls_client *client, uint8_t *bytes, size_t room);
/// What the server has encrypted; as much as fits, 0 when there is no more.
size_t tls_client_read(tls_client *client, uint8_t *bytes, size_t room);
void tls_client_close(tls_client *client);

#pragma clang assume_nonnull end
