#include "wire.h"

#include <string.h>

const uint8_t wire_mask[4] = {0x5a, 0xc3, 0x17, 0x8e};

static size_t make_frame(uint8_t *out, uint8_t opcode, const uint8_t *payload, size_t count) {
  size_t n = 0;
  out[n++] = 0x80 | opcode;
  int length_bytes = count < 126 ? 0 : count < 65536 ? 2 : 8;
  out[n++] = 0x80 | (length_bytes == 0 ? (uint8_t)count : length_bytes == 2 ? 126 : 127);
  for (int i = length_bytes - 1; i >= 0; i--) out[n++] = (uint8_t)((uint64_t)count >> (8 * i));
  memcpy(out + n, wire_mask, 4);
  n += 4;
  for (size_t i = 0; i < count; i++) out[n + i] = payload[i] ^ wire_mask[i & 3];
  return n + count;
}

size_t wire_frame(uint8_t *out, const uint8_t *payload, size_t count) { return make_frame(out, 1, payload, count); }

// Control frames have at most 125 bytes, RFC 6455 §5.5; Socket.IO's short packets go this way too, as text.
void send_control(wire *w, connection *c, uint8_t opcode, const uint8_t *payload, size_t count) {
  uint8_t out[125 + WIRE_FRAME_OVERHEAD];
  if (count > 125) return;
  connection_write(w, c, out, make_frame(out, opcode, payload, count));
}

static size_t header_length(uint8_t second) { return (second & 127) < 126 ? 2 : (second & 127) == 126 ? 4 : 10; }

static uint64_t payload_length(const uint8_t *header, size_t length) {
  if (length == 2) return header[1] & 127;
  uint64_t value = 0;
  for (size_t i = 2; i < length; i++) value = value << 8 | header[i];
  return value;
}

static void frame_ended(wire *w, connection *c) {
  frame *f = &c->frame;
  if (f->opcode >= 8) control_received(w, c, f->opcode, f->prefix, f->prefix_count);
  else if (f->is_last) {
    uint64_t length = f->message;
    f->message = 0;
    message_received(w, c, f->prefix, f->prefix_count, length);
  }
}

// A control frame between the fragments of a message would take its prefix: no server here sends fragments.
static void frame_began(frame *f, const uint8_t *header, size_t length) {
  f->is_last = header[0] & 0x80;
  f->opcode = header[0] & 15;
  f->left = payload_length(header, length);
  f->header_count = 0;
  if (f->opcode) f->prefix_count = 0;
  if (f->opcode < 8) f->message += f->left;
}

// A whole message in one frame, as most are, is handed on where it lies. Returns the bytes used, 0 if it is not one.
static size_t whole_frame(wire *w, connection *c, const uint8_t *bytes, size_t count) {
  if (c->frame.header_count || c->frame.left || c->frame.message || count < 2) return 0;
  size_t length = header_length(bytes[1]);
  uint8_t opcode = bytes[0] & 15;
  if (!(bytes[0] & 0x80) || !opcode || opcode >= 8 || count < length) return 0;
  uint64_t payload = payload_length(bytes, length);
  if (payload > count - length) return 0;
  message_received(w, c, bytes + length, payload, payload);
  return length + payload;
}

// One step of a frame that comes in pieces: a byte of its header, or some of its payload. Returns the bytes used.
static size_t part_of_frame(wire *w, connection *c, const uint8_t *bytes, size_t count) {
  frame *f = &c->frame;
  if (!f->left) {
    f->header[f->header_count++] = *bytes;
    if (f->header_count < 2 || f->header_count < header_length(f->header[1])) return 1;
    frame_began(f, f->header, f->header_count);
    if (!f->left) frame_ended(w, c);
    return 1;
  }
  size_t used = count < f->left ? count : f->left;
  size_t room = PREFIX - f->prefix_count, kept = used < room ? used : room;
  memcpy(f->prefix + f->prefix_count, bytes, kept);
  f->prefix_count += kept;
  f->left -= used;
  if (!f->left) frame_ended(w, c);
  return used;
}

void frames_input(wire *w, connection *c, const uint8_t *bytes, size_t count) {
  while (count && c->fd >= 0) {
    size_t used = whole_frame(w, c, bytes, count);
    if (!used) used = part_of_frame(w, c, bytes, count);
    bytes += used;
    count -= used;
  }
}
