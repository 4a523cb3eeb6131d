/// Many WebSocket clients on one thread: epoll, TLS, the opening handshake, frames, and joining a Socket.IO namespace.
///
/// It shares no line with Bongsu, so that a mistake in one does not hide in the other. It trusts the server: it counts
/// messages and looks at how they begin, and checks neither masks nor UTF-8.
#ifndef CWIRE_H
#define CWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct wire wire;

/// What happened on a connection.
typedef enum wire_event {
  /// It may send: the handshake is done and, with Socket.IO, the namespace joined.
  WIRE_READY,
  /// A message has come; `detail` is its length. Of Socket.IO's packets only events count as messages.
  WIRE_MESSAGE,
  /// It is gone: `detail` is the close frame's code, 0 for an end without one, or -errno.
  WIRE_CLOSED,
} wire_event;

/// `head` are the first bytes of a message, at least 64 of them if it has as many.
typedef void (*wire_handler)(
    void *context, uint32_t id, wire_event event, const uint8_t *_Nullable head, size_t head_count, int64_t detail);

typedef struct wire_options {
  /// An IPv4 address.
  const char *host;
  const char *path;
  uint16_t port;
  bool tls;
  bool socketio;
  /// From how many addresses of 127.0.1.0/24 to connect: one has less than 30 000 ports.
  uint8_t sources;
} wire_options;

/// Room for `count` connections, whose ids are 0 to count - 1; none is open yet. NULL without enough memory.
/// The strings of `options` are copied.
wire *_Nullable wire_create(const wire_options *options, uint32_t count, wire_handler handler, void *context);

/// Resets what is open and frees everything.
void wire_destroy(wire *w);

/// Begins to connect; the handler hears of the rest. False with errno set when not even that was possible.
bool wire_connect(wire *w, uint32_t id);
/// Sends bytes made by `wire_frame`. What the kernel does not take is kept and sent later.
void wire_send(wire *w, uint32_t id, const uint8_t *bytes, size_t count);
/// Sends a close frame and waits for the server to end the connection.
void wire_close(wire *w, uint32_t id);
/// Ends a connection at once, with a TCP reset. The handler does not hear of it.
void wire_abort(wire *w, uint32_t id);
/// Stops reading, and starts again. What the kernel receives meanwhile is little: its window grows with reading.
void wire_pause(wire *w, uint32_t id);
void wire_resume(wire *w, uint32_t id);

/// Waits for events, at most `nanoseconds` (below 0: for ever), and handles them. Returns how many there were.
int wire_turn(wire *w, int64_t nanoseconds);

/// The bytes that `wire_frame` needs besides the payload.
enum { WIRE_FRAME_OVERHEAD = 14 };
/// Writes one masked text frame and returns its length; the payload's first byte is at that length minus `count`.
size_t wire_frame(uint8_t *out, const uint8_t *payload, size_t count);
/// The mask of every frame.
extern const uint8_t wire_mask[4];

/// Nanoseconds of the monotonic clock.
uint64_t wire_now(void);

#pragma clang assume_nonnull end

#endif
