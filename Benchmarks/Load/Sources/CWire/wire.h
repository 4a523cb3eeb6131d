// What the files of CWire share.
#ifndef WIRE_H
#define WIRE_H

#include "CWire.h"

#include <openssl/ssl.h>

enum { PREFIX = 125, ANSWER = 1024, INPUT = 512 << 10 };

typedef enum state { UNUSED, CONNECTING, UPGRADING, JOINING, OPEN, CLOSING } state;

// A frame that has come in part.
typedef struct frame {
  uint8_t header[10], header_count;
  uint8_t prefix[PREFIX], prefix_count; // how the message begins, or all of a control frame
  uint8_t opcode;
  bool is_last;
  uint64_t left;    // payload bytes to come
  uint64_t message; // payload bytes so far of a message in several frames
} frame;

typedef struct connection {
  int fd;
  SSL *ssl;
  state state;
  bool is_paused, wants_write, writes_after_read;
  int64_t end; // the code of the server's close frame
  frame frame;
  uint16_t answer_count;
  char answer[ANSWER]; // the HTTP response so far
  uint8_t *out;        // what the kernel has not taken yet
  size_t out_start, out_end, out_capacity;
} connection;

struct wire {
  int epoll;
  wire_options options;
  SSL_CTX *tls;
  wire_handler handler;
  void *context;
  uint32_t count;
  uint8_t input[INPUT];
  connection connections[];
};

static inline uint32_t id_of(const wire *w, const connection *c) { return (uint32_t)(c - w->connections); }

// connection.c
void connection_write(wire *w, connection *c, const uint8_t *bytes, size_t count);
void connection_opened(wire *w, connection *c);
void connection_end(wire *w, connection *c, int64_t detail);
void connection_event(wire *w, connection *c, uint32_t events);
// handshake.c
void handshake_begin(wire *w, connection *c);
void handshake_input(wire *w, connection *c, const uint8_t *bytes, size_t count);
// frames.c
void frames_input(wire *w, connection *c, const uint8_t *bytes, size_t count);
// messages.c
void message_received(wire *w, connection *c, const uint8_t *head, size_t head_count, uint64_t length);
void control_received(wire *w, connection *c, uint8_t opcode, const uint8_t *payload, size_t count);
void send_control(wire *w, connection *c, uint8_t opcode, const uint8_t *payload, size_t count);

#endif
