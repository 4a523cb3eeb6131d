// TCP sockets under uv_poll: reading and writing are the caller's own system calls.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

struct cloop_socket {
  struct cloop_watched watched;
};

_Static_assert(sizeof(cloop_slice) == sizeof(struct iovec), "a slice is an iovec");

// A negative status is POLLERR: libuv has stopped the handle, the socket has failed.
static void on_poll(uv_poll_t *poll, int status, int events) {
  cloop_ready(poll->data, events & (UV_READABLE | UV_DISCONNECT), events & UV_WRITABLE, status < 0);
}

cloop_socket *cloop_socket_open(cloop *loop, int fd, void *owner) {
  cloop_socket *socket = malloc(sizeof *socket);
  if (!socket) return NULL;
  if (uv_poll_init(&loop->uv, &socket->watched.poll, fd)) {
    free(socket);
    return NULL;
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socket->watched.fd = fd;
  socket->watched.is_listener = false;
  socket->watched.poll.data = owner;
  return socket;
}

static int option(int fd, int name, int *value) {
  socklen_t size = sizeof *value;
  return getsockopt(fd, SOL_SOCKET, name, value, &size) ? -errno : 0;
}

int cloop_socket_prepare(int fd) {
  int type, listens, error = option(fd, SO_TYPE, &type);
  if (!error) error = option(fd, SO_ACCEPTCONN, &listens);
  if (error) return error;
  if (type != SOCK_STREAM || listens) return -EINVAL;
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) || fcntl(fd, F_SETFD, FD_CLOEXEC)) return -errno;
  return 0;
}

void cloop_socket_watch(cloop_socket *socket, bool read, bool write) {
  int events = (read ? UV_READABLE : 0) | (write ? UV_WRITABLE : 0);
  if (events) uv_poll_start(&socket->watched.poll, events, on_poll);
  else uv_poll_stop(&socket->watched.poll);
}

static ptrdiff_t failure(void) { return errno == EAGAIN || errno == EWOULDBLOCK ? CLOOP_WOULD_BLOCK : -errno; }

ptrdiff_t cloop_receive(int fd, void *bytes, size_t count) {
  ssize_t n;
  do n = recv(fd, bytes, count, 0);
  while (n < 0 && errno == EINTR);
  return n < 0 ? failure() : n;
}

ptrdiff_t cloop_send(int fd, const cloop_slice *slices, size_t count) {
  ssize_t n;
  if (count == 1) {
    do n = send(fd, slices[0].bytes, slices[0].count, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
  } else {
    struct msghdr message = {.msg_iov = (struct iovec *)slices, .msg_iovlen = count};
    do n = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
  }
  return n < 0 ? failure() : n;
}

void cloop_socket_finish(cloop_socket *socket) { shutdown(socket->watched.fd, SHUT_WR); }

static void on_closed(uv_handle_t *handle) { free(handle); }

// libuv allows the descriptor to be closed right after uv_close: no event of this handle is delivered any more.
int cloop_socket_detach(cloop_socket *socket) {
  int fd = socket->watched.fd;
  uv_close((uv_handle_t *)&socket->watched.poll, on_closed);
  return fd;
}

void cloop_socket_close(cloop_socket *socket, bool reset) {
  if (reset) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(socket->watched.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  close(cloop_socket_detach(socket));
}

int64_t cloop_raise_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return 0;
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return (int64_t)(setrlimit(RLIMIT_NOFILE, &limit) ? before : limit.rlim_cur);
}

void cloop_close_fd(int fd) { close(fd); }

bool cloop_peer_address(int fd, char *text, uint16_t *port) {
  struct sockaddr_storage peer;
  socklen_t length = sizeof peer;
  if (getpeername(fd, (struct sockaddr *)&peer, &length)) return false;
  const void *address;
  if (peer.ss_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)&peer;
    address = &in->sin_addr;
    *port = ntohs(in->sin_port);
  } else if (peer.ss_family == AF_INET6) {
    const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)&peer;
    address = &in->sin6_addr;
    *port = ntohs(in->sin6_port);
  } else if (peer.ss_family == AF_UNIX) {
    // Somebody on this machine, and so at its own address.
    *port = 0;
    strcpy(text, "127.0.0.1");
    return true;
  } else {
    return false;
  }
  return inet_ntop(peer.ss_family, address, text, CLOOP_ADDRESS_MAX) != NULL;
}
