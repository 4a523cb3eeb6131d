#include "wire.h"

static bool begins(const uint8_t *head, size_t count, char first, char second) {
  return count >= 2 && head[0] == first && head[1] == second;
}

// Engine.IO's and Socket.IO's packet types are the first characters: "0" the session, "40" the namespace, "2" a ping,
// "42" an event.
static void packet_received(wire *w, connection *c, const uint8_t *head, size_t count, uint64_t length) {
  if (length == 1 && head[0] == '2') return send_control(w, c, 1, (const uint8_t *)"3", 1);
  if (c->state != JOINING) {
    if (begins(head, count, '4', '2')) w->handler(w->context, id_of(w, c), WIRE_MESSAGE, head, count, (int64_t)length);
    return;
  }
  if (begins(head, count, '0', '{')) send_control(w, c, 1, (const uint8_t *)"40", 2);
  if (!begins(head, count, '4', '0')) return;
  connection_opened(w, c);
}

void message_received(wire *w, connection *c, const uint8_t *head, size_t head_count, uint64_t length) {
  if (w->options.socketio) return packet_received(w, c, head, head_count, length);
  w->handler(w->context, id_of(w, c), WIRE_MESSAGE, head, head_count, (int64_t)length);
}

// Answers pings and the server's close; the server ends the connection then, RFC 6455 §7.1.1.
void control_received(wire *w, connection *c, uint8_t opcode, const uint8_t *payload, size_t count) {
  if (opcode == 9) return send_control(w, c, 10, payload, count);
  if (opcode != 8) return;
  c->end = count >= 2 ? payload[0] << 8 | payload[1] : 1005;
  if (c->state == CLOSING) return;
  c->state = CLOSING;
  send_control(w, c, 8, payload, count < 2 ? 0 : 2);
}
