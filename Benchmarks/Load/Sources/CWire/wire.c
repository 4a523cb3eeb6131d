#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512 };

uint64_t wire_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

wire *wire_create(const wire_options *options, uint32_t count, wire_handler handler, void *context) {
  wire *w = calloc(1, sizeof *w + count * sizeof *w->connections);
  if (!w) return NULL;
  w->options = *options;
  w->options.host = strdup(options->host);
  w->options.path = strdup(options->path);
  w->handler = handler;
  w->context = context;
  w->count = count;
  w->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (options->tls) {
    w->tls = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(
        w->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Full handshakes, so that every server does the same work.
    SSL_CTX_set_session_cache_mode(w->tls, SSL_SESS_CACHE_OFF);
  }
  for (uint32_t i = 0; i < count; i++) w->connections[i].fd = -1;
  return w;
}

void wire_destroy(wire *w) {
  for (uint32_t i = 0; i < w->count; i++) wire_abort(w, i);
  close(w->epoll);
  if (w->tls) SSL_CTX_free(w->tls);
  free((void *)w->options.host);
  free((void *)w->options.path);
  free(w);
}

static void watch(wire *w, connection *c, int operation) {
  uint32_t events = (c->is_paused ? 0 : EPOLLIN) | (c->wants_write ? EPOLLOUT : 0);
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(w->epoll, operation, c->fd, &event);
}

static bool bind_source(wire *w, connection *c) {
  if (w->options.sources < 2) return true;
  int one = 1;
  struct sockaddr_in from = {.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(0x7f000101 + id_of(w, c) % w->options.sources); // 127.0.1.1 and on
  return !setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one)
         && !bind(c->fd, (void *)&from, sizeof from);
}

bool wire_connect(wire *w, uint32_t id) {
  connection *c = &w->connections[id];
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) return false;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(w->options.port)};
  if (inet_pton(AF_INET, w->options.host, &to.sin_addr) != 1) errno = EINVAL;
  else if (bind_source(w, c) && (!connect(c->fd, (void *)&to, sizeof to) || errno == EINPROGRESS)) {
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->state = CONNECTING;
    c->wants_write = true;
    watch(w, c, EPOLL_CTL_ADD);
    return true;
  }
  close(c->fd);
  c->fd = -1;
  return false;
}

void wire_send(wire *w, uint32_t id, const uint8_t *bytes, size_t count) {
  connection *c = &w->connections[id];
  bool wanted = c->wants_write;
  connection_write(w, c, bytes, count);
  if (c->fd >= 0 && c->wants_write != wanted) watch(w, c, EPOLL_CTL_MOD);
}

void wire_close(wire *w, uint32_t id) {
  connection *c = &w->connections[id];
  bool wanted = c->wants_write;
  if (c->state != OPEN) return;
  c->state = CLOSING;
  send_control(w, c, 8, (const uint8_t *)"\x03\xe8", 2); // 1000, RFC 6455 §7.4.1
  if (c->fd >= 0 && c->wants_write != wanted) watch(w, c, EPOLL_CTL_MOD);
}

void wire_abort(wire *w, uint32_t id) {
  connection *c = &w->connections[id];
  if (c->fd < 0) return;
  struct linger reset = {.l_onoff = 1};
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  wire_handler handler = w->handler;
  w->handler = NULL;
  connection_end(w, c, 0);
  w->handler = handler;
}

void wire_pause(wire *w, uint32_t id) {
  connection *c = &w->connections[id];
  if (c->fd < 0) return;
  c->is_paused = true;
  watch(w, c, EPOLL_CTL_MOD);
}

void wire_resume(wire *w, uint32_t id) {
  connection *c = &w->connections[id];
  if (c->fd < 0) return;
  c->is_paused = false;
  watch(w, c, EPOLL_CTL_MOD);
}

int wire_turn(wire *w, int64_t nanoseconds) {
  struct epoll_event events[EVENTS];
  struct timespec wait = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  int count = epoll_pwait2(w->epoll, events, EVENTS, nanoseconds < 0 ? NULL : &wait, NULL);
  for (int i = 0; i < count; i++) {
    connection *c = events[i].data.ptr;
    if (c->fd < 0) continue;
    bool wanted = c->wants_write;
    connection_event(w, c, events[i].events);
    if (c->fd >= 0 && c->wants_write != wanted) watch(w, c, EPOLL_CTL_MOD);
  }
  return count < 0 ? 0 : count;
}
