// Listening sockets. libuv 1.44 has no flag for SO_REUSEPORT, so the descriptor is made here and only watched by libuv.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "internal.h"

enum { ACCEPTS_PER_TURN = 128 };

struct cloop_listener {
  struct cloop_watched watched;
  int spare;  // given up for a moment when descriptors run out, so that a waiting connection can be shed
};

static int resolve(const char *host, uint16_t port, struct addrinfo **found) {
  char service[6];
  snprintf(service, sizeof service, "%u", port);
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
  return getaddrinfo(host, service, &hints, found) ? -EADDRNOTAVAIL : 0;
}

static int bind_to(const char *host, uint16_t port, bool share) {
  struct addrinfo *address;
  int error = resolve(host, port, &address);
  if (error) return error;
  int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) error = -errno;
  else if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
           (share && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on)) ||
           bind(fd, address->ai_addr, address->ai_addrlen)) {
    error = -errno;
    close(fd);
  }
  freeaddrinfo(address);
  return error ? error : fd;
}

// SO_REUSEPORT would let a second server of the same user share a busy port without a word, so the port is first
// bound without it.
int cloop_port_probe(const char *host, uint16_t port) {
  int fd = bind_to(host, port, false);
  if (fd < 0) return fd;
  struct sockaddr_storage bound;
  socklen_t length = sizeof bound;
  int result = getsockname(fd, (struct sockaddr *)&bound, &length) ? -errno
               : bound.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&bound)->sin_port)
                                            : ntohs(((struct sockaddr_in6 *)&bound)->sin6_port);
  // SO_REUSEADDR lets a port be bound that somebody listens on; only listening as well is refused.
  if (result >= 0 && listen(fd, 1)) result = -errno;
  close(fd);
  return result;
}

static void shed(cloop_listener *listener, int error) {
  close(listener->spare);
  int fd = accept4(listener->watched.fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd >= 0) close(fd);
  listener->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
  cloop_accept_failed(listener->watched.poll.data, error);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  (void)status, (void)events;
  cloop_listener *listener = (cloop_listener *)poll;
  for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
    int fd = accept4(listener->watched.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      cloop_accepted(listener->watched.poll.data, fd);
      if (uv_is_closing((uv_handle_t *)poll)) return;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      shed(listener, -errno);
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

cloop_listener *cloop_listen(cloop *loop, const char *host, uint16_t port, int backlog, void *owner, int *error) {
  int fd = bind_to(host, port, true);
  if (fd < 0) {
    *error = fd;
    return NULL;
  }
  cloop_listener *listener = malloc(sizeof *listener);
  *error = !listener ? -ENOMEM
           : listen(fd, backlog) ? -errno
                                 : uv_poll_init(&loop->uv, &listener->watched.poll, fd);
  if (*error) {
    close(fd);
    free(listener);
    return NULL;
  }
  listener->watched.fd = fd;
  listener->watched.is_listener = true;
  listener->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
  listener->watched.poll.data = owner;
  uv_poll_start(&listener->watched.poll, UV_READABLE, on_poll);
  return listener;
}

static void on_closed(uv_handle_t *handle) { free(handle); }

void cloop_unlisten(cloop_listener *listener) {
  uv_close((uv_handle_t *)&listener->watched.poll, on_closed);
  close(listener->watched.fd);
  if (listener->spare >= 0) close(listener->spare);
}
