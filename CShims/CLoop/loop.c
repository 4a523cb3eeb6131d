// The loop itself: turns, wake-ups, one timer, signals, threads.
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "internal.h"

// Asked for with nearly every message, and so at a place that is known when the program starts.
static _Thread_local void *current __attribute__((tls_model("initial-exec")));

// `prepare` runs last before the loop blocks in poll, after timers and after everything the previous poll brought:
// the end of a turn.
static void on_turn(uv_prepare_t *handle) { cloop_turn_ended(((cloop *)handle->data)->owner); }
static void on_wake(uv_async_t *handle) { cloop_woken(((cloop *)handle->data)->owner); }
static void on_timer(uv_timer_t *handle) { cloop_timer_fired(((cloop *)handle->data)->owner); }
static void on_signal(uv_signal_t *handle, int number) {
  cloop_signal_received(((cloop *)handle->data)->owner, number);
}

cloop *cloop_open(void *owner) {
  cloop *loop = calloc(1, sizeof *loop);
  if (!loop) return NULL;
  if (uv_loop_init(&loop->uv)) {
    free(loop);
    return NULL;
  }
  loop->owner = owner;
  loop->now = &loop->uv.time;
  // First what may fail: a loop with handles cannot be closed at once.
  if (uv_async_init(&loop->uv, &loop->wake, on_wake)) {
    uv_loop_close(&loop->uv);
    free(loop);
    return NULL;
  }
  loop->turn.data = loop->wake.data = loop->timer.data = loop;
  uv_prepare_init(&loop->uv, &loop->turn);
  uv_prepare_start(&loop->turn, on_turn);
  uv_timer_init(&loop->uv, &loop->timer);
  // A peer that is gone is an error of `send`, not the end of the process.
  signal(SIGPIPE, SIG_IGN);
  return loop;
}

void cloop_run(cloop *loop) {
  current = loop->owner;
  uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void cloop_stop(cloop *loop) { uv_stop(&loop->uv); }

static void close_any(uv_handle_t *handle, void *unused) {
  (void)unused;
  if (uv_is_closing(handle)) return;
  if (handle->type != UV_POLL) uv_close(handle, NULL);
  else if (((struct cloop_watched *)handle)->is_listener) cloop_unlisten((cloop_listener *)handle);
  else cloop_abandoned(handle->data);
}

void cloop_free(cloop *loop) {
  uv_prepare_stop(&loop->turn);
  uv_walk(&loop->uv, close_any, NULL);
  uv_run(&loop->uv, UV_RUN_NOWAIT);
  if (uv_loop_close(&loop->uv) == 0) free(loop);
  current = NULL;
}

void cloop_wake(cloop *loop) { uv_async_send(&loop->wake); }
uint64_t cloop_now(const cloop *loop) { return *loop->now; }

void cloop_set_now(cloop *loop, uint64_t now_ms) {
  loop->given_now = now_ms;
  loop->now = &loop->given_now;
}

void cloop_timer_arm(cloop *loop, uint64_t delay_ms) { uv_timer_start(&loop->timer, on_timer, delay_ms, 0); }

uint64_t cloop_thread_time(void) {
  struct timespec time = {0};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

uint64_t cloop_coarse_time(void) {
  struct timespec time = {0};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void *cloop_current(void) { return current; }

// glibc keeps what was freed for later; after a crowd has left, the system should have it back.
void cloop_release_memory(void) { malloc_trim(0); }

// Large buffers go back to the system as soon as they are freed, as long as this threshold does not move up by itself.
void cloop_keep_large_memory_apart(void) { mallopt(M_MMAP_THRESHOLD, 256 << 10); }

const char *cloop_error_text(int error) { return uv_strerror(error); }

int cloop_watch_signal(cloop *loop, int number) {
  if (loop->signal_count == sizeof loop->signals / sizeof *loop->signals) return -ENOSPC;
  uv_signal_t *handle = &loop->signals[loop->signal_count];
  int error = uv_signal_init(&loop->uv, handle);
  if (error) return error;
  handle->data = loop;
  loop->signal_count++;
  return uv_signal_start(handle, on_signal, number);
}

int cloop_thread_start(void *owner, unsigned long *thread) {
  return uv_thread_create(thread, cloop_thread_main, owner);
}
void cloop_thread_join(unsigned long thread) { uv_thread_join(&thread); }
void cloop_thread_detach(unsigned long thread) { pthread_detach(thread); }
