#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void handshake_begin(wire *w, connection *c) {
  if (w->tls) {
    c->ssl = SSL_new(w->tls);
    SSL_set_fd(c->ssl, c->fd);
    SSL_set_connect_state(c->ssl);
  }
  char request[1024];
  int count = snprintf(
      request, sizeof request,
      "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      w->options.path, w->options.host, w->options.port);
  connection_write(w, c, (const uint8_t *)request, (size_t)count);
}

// The server's answer, RFC 6455 §4.2.2; what follows it are frames already.
void handshake_input(wire *w, connection *c, const uint8_t *bytes, size_t count) {
  size_t room = sizeof c->answer - 1 - c->answer_count, taken = count < room ? count : room;
  size_t before = c->answer_count;
  memcpy(c->answer + before, bytes, taken);
  c->answer_count += taken;
  c->answer[c->answer_count] = 0;
  char *end = strstr(c->answer, "\r\n\r\n");
  bool is_refused = before + taken >= 12 && strncmp(c->answer, "HTTP/1.1 101", 12);
  if (is_refused || (!end && taken == room)) {
    fprintf(stderr, "the server refused: %.*s\n", (int)strcspn(c->answer, "\r\n"), c->answer);
    return connection_end(w, c, -EPROTO);
  }
  if (!end) return;
  size_t used = (size_t)(end + 4 - c->answer) - before;
  c->state = JOINING;
  if (!w->options.socketio) connection_opened(w, c);
  if (used < count && c->fd >= 0) frames_input(w, c, bytes + used, count - used);
}
