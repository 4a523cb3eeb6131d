// What the .c files of this shim share.
#ifndef CLOOP_INTERNAL_H
#define CLOOP_INTERNAL_H

#include <uv.h>

#include "CLoop.h"

struct cloop {
  uv_loop_t uv;
  uv_prepare_t turn;
  uv_async_t wake;
  uv_timer_t timer;
  uv_signal_t signals[8];
  int signal_count;
  // Where the time is read: libuv's own or, once somebody has set it, `given_now`. To choose at every look would cost
  // every message.
  const uint64_t *now;
  uint64_t given_now;
  void *owner;
};

// What sockets and listeners begin with, so that a walk over the loop's handles can tell them apart.
struct cloop_watched {
  uv_poll_t poll;
  int fd;
  bool is_listener;
};
_Static_assert(sizeof(struct cloop_watched) <= 168, "one more byte costs a connection sixteen: malloc's next size");

#endif
