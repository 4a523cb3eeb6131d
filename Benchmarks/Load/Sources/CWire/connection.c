#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// Who has answered in the handshake, as Socket.IO's clients do, passes for interactive, and Linux holds back its ACKs
// then: over loopback it is the server's core that makes them, with the next segment, and not this one. So that what is
// said to many costs the server the same by every protocol, none passes for that before it has begun to talk.
void connection_opened(wire *w, connection *c) {
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
  c->state = OPEN;
  w->handler(w->context, id_of(w, c), WIRE_READY, NULL, 0, 0);
}

void connection_end(wire *w, connection *c, int64_t detail) {
  if (c->ssl) SSL_free(c->ssl);
  close(c->fd);
  free(c->out);
  *c = (connection){.fd = -1};
  if (w->handler) w->handler(w->context, id_of(w, c), WIRE_CLOSED, NULL, 0, detail);
}

// OpenSSL's answer as that of read and write: bytes, 0 for the end, -1 with errno.
static ssize_t tls_result(connection *c, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(c->ssl, result);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  bool waits = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  c->writes_after_read = error == SSL_ERROR_WANT_READ;
  if (waits || error != SSL_ERROR_SYSCALL || !errno) errno = waits ? EAGAIN : EPROTO;
  return -1;
}

static bool has_output(const connection *c) { return c->out_start < c->out_end; }

static ssize_t put(connection *c, const uint8_t *bytes, size_t count) {
  c->writes_after_read = false;
  if (!c->ssl) return send(c->fd, bytes, count, MSG_NOSIGNAL);
  return tls_result(c, SSL_write(c->ssl, bytes, (int)count));
}

static ssize_t take(wire *w, connection *c) {
  if (!c->ssl) return recv(c->fd, w->input, INPUT, 0);
  return tls_result(c, SSL_read(c->ssl, w->input, INPUT));
}

static void keep(connection *c, const uint8_t *bytes, size_t count) {
  if (c->out_start == c->out_end) c->out_start = c->out_end = 0;
  if (c->out_end + count > c->out_capacity) {
    c->out_capacity = (c->out_end + count) * 2;
    c->out = realloc(c->out, c->out_capacity);
    if (!c->out) abort();
  }
  memcpy(c->out + c->out_end, bytes, count);
  c->out_end += count;
  c->wants_write = !c->writes_after_read;
}

// A failed write is left to the read that follows: what the server said before it left is still to be heard.
void connection_write(wire *w, connection *c, const uint8_t *bytes, size_t count) {
  (void)w;
  if (c->fd < 0) return;
  if (has_output(c)) return keep(c, bytes, count);
  ssize_t taken = put(c, bytes, count);
  if (taken < 0 && errno != EAGAIN) return;
  if (taken < 0) taken = 0;
  if ((size_t)taken < count) keep(c, bytes + taken, count - (size_t)taken);
}

static void flush(connection *c) {
  while (has_output(c)) {
    ssize_t taken = put(c, c->out + c->out_start, c->out_end - c->out_start);
    if (taken < 0 && errno == EAGAIN) {
      c->wants_write = !c->writes_after_read;
      return;
    }
    if (taken <= 0) break;
    c->out_start += (size_t)taken;
  }
  c->out_start = c->out_end = 0;
  c->wants_write = false;
}

static void connected(wire *w, connection *c) {
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error) return connection_end(w, c, -error);
  c->wants_write = false;
  c->state = UPGRADING;
  handshake_begin(w, c);
}

// Plain connections are read once, the next turn tells of the rest; TLS ones until OpenSSL holds nothing back.
static void readable(wire *w, connection *c) {
  do {
    ssize_t count = take(w, c);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return connection_end(w, c, count < 0 && !c->end ? -errno : c->end);
    if (c->state == UPGRADING) handshake_input(w, c, w->input, (size_t)count);
    else frames_input(w, c, w->input, (size_t)count);
  } while (c->fd >= 0 && c->ssl);
}

void connection_event(wire *w, connection *c, uint32_t events) {
  if (c->state == CONNECTING) return connected(w, c);
  if (c->is_paused && !(events & (EPOLLERR | EPOLLHUP))) return;
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(w, c);
  // During a TLS handshake it is a read that makes the write possible.
  if (c->fd >= 0 && has_output(c)) flush(c);
}
