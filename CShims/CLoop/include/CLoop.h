// One event loop per thread over libuv, and TCP sockets watched by it.
//
// This header is all that Swift sees of libuv: `uv.h` is included only by the .c files beside it. Sockets are plain
// non-blocking descriptors under `uv_poll_t` rather than `uv_tcp_t`: a descriptor can then move whole to another loop,
// reads go straight into the caller's buffer, and one connection costs 168 bytes here instead of 270.
//
// Errors are negative errno values, and CLOOP_WOULD_BLOCK where a socket is not ready. Everything is for the loop's
// own thread, except `cloop_wake`.
#ifndef CLOOP_H
#define CLOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct cloop cloop;
typedef struct cloop_socket cloop_socket;
typedef struct cloop_listener cloop_listener;

/// Bytes to send, laid out as `struct iovec`.
typedef struct cloop_slice {
  const void *bytes;
  size_t count;
} cloop_slice;

enum { CLOOP_SLICES_MAX = 64, CLOOP_ADDRESS_MAX = 46, CLOOP_WOULD_BLOCK = INT32_MIN };

// What Swift implements (Callbacks.swift). `owner` is what the handle was opened with.
void cloop_thread_main(void *owner);                    // a thread started by cloop_thread_start
void cloop_turn_ended(void *owner);                     // what this turn brought has been handed on; poll comes next
void cloop_woken(void *owner);                          // at least one cloop_wake since the last call
void cloop_timer_fired(void *owner);
void cloop_signal_received(void *owner, int number);
void cloop_accepted(void *owner, int fd);               // the callee owns fd
void cloop_accept_failed(void *owner, int error);       // out of descriptors: the connection was shed
void cloop_abandoned(void *owner);                      // the loop is being freed: close the socket
void cloop_ready(void *owner, bool readable, bool writable, bool failed);

// Loop
cloop *_Nullable cloop_open(void *owner);
void cloop_run(cloop *loop);                            // until cloop_stop
void cloop_stop(cloop *loop);
void cloop_free(cloop *loop);                           // after cloop_run, on its thread; closes sockets, too
void cloop_wake(cloop *loop);                           // from any thread
uint64_t cloop_now(const cloop *loop);                  // monotonic ms, as of the start of this turn
void cloop_set_now(cloop *loop, uint64_t now_ms);       // from now on time stands still between two calls
void cloop_timer_arm(cloop *loop, uint64_t delay_ms);   // one timer per loop; arming again replaces
int cloop_watch_signal(cloop *loop, int number);
void *_Nullable cloop_current(void);                    // owner of the loop that runs on this thread
int cloop_thread_start(void *owner, unsigned long *thread);  // owner must outlive it; join or detach it, once
void cloop_thread_join(unsigned long thread);
void cloop_thread_detach(unsigned long thread);

// Listener: bound with SO_REUSEPORT, so that every loop has one of its own on the same port.
int cloop_port_probe(const char *host, uint16_t port);  // the port that is free to bind (picked when 0), or an error
cloop_listener *_Nullable cloop_listen(cloop *loop, const char *host, uint16_t port, int backlog, void *owner,
                                       int *error);
void cloop_unlisten(cloop_listener *listener);

// Socket
cloop_socket *_Nullable cloop_socket_open(cloop *loop, int fd, void *owner);   // takes fd, watches for nothing yet
void cloop_socket_watch(cloop_socket *socket, bool read, bool write);          // a system call, if it changes anything
ptrdiff_t cloop_receive(int fd, void *bytes, size_t count);                    // 0: the end of the stream
ptrdiff_t cloop_send(int fd, const cloop_slice *slices, size_t count);
void cloop_socket_finish(cloop_socket *socket);         // no more bytes from us (FIN)
void cloop_socket_close(cloop_socket *socket, bool reset);
int cloop_socket_detach(cloop_socket *socket);          // gives the descriptor back, unwatched
int cloop_socket_prepare(int fd);                       // what others have accepted; an error if it is no such socket
void cloop_close_fd(int fd);
bool cloop_peer_address(int fd, char *text, uint16_t *port);  // text holds CLOOP_ADDRESS_MAX bytes

uint64_t cloop_thread_time(void);                        // processor time of the calling thread in ns
uint64_t cloop_coarse_time(void);                        // in ns, of the kernel's last tick, some ms ago at most
int64_t cloop_raise_descriptors(void);                  // to the hard limit; returns the limit that holds
void cloop_release_memory(void);                         // gives freed memory back to the system
void cloop_keep_large_memory_apart(void);                // so that it goes back at once when it is freed
const char *cloop_error_text(int error);

/// Has the processor fetch two lines of its cache from here on, while other things are done.
static inline void cloop_prefetch(const void *bytes) {
  __builtin_prefetch(bytes);
  __builtin_prefetch((const char *)bytes + 64);
}

#pragma clang assume_nonnull end
#endif
