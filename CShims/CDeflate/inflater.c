#include "CDeflate.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum { TAIL_COUNT = 4 };

// What every message ends with, and what its sender has left out (RFC 7692 §7.2.2).
static const Bytef tail[TAIL_COUNT] = {0x00, 0x00, 0xFF, 0xFF};

struct cdeflate_inflater {
  z_stream stream;
};

cdeflate_inflater *cdeflate_inflater_open(int window_bits) {
  cdeflate_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater == NULL) return NULL;
  // Negative: bare deflate data without zlib's header and checksum.
  if (inflateInit2(&inflater->stream, -window_bits) == Z_OK) return inflater;
  free(inflater);
  return NULL;
}

void cdeflate_inflater_reset(cdeflate_inflater *inflater) { inflateReset(&inflater->stream); }

// Whether the last block has ended, and with the last byte. zlib says so in data_type: 128 stands for the place between
// two blocks, the low bits count what is unused of a byte.
static bool is_between_blocks(const z_stream *stream) {
  return (stream->data_type & 128) != 0 && (stream->data_type & 63) == 0;
}

cdeflate_status cdeflate_inflate(cdeflate_inflater *inflater, const void *message, size_t count, void *output,
                                 size_t room, cdeflate_progress *progress) {
  z_stream *stream = &inflater->stream;
  size_t offered = room < UINT_MAX ? room : UINT_MAX;
  stream->next_out = output;
  stream->avail_out = (uInt)offered;
  // Whether all that the message's own bytes stand for has been written; then comes the tail.
  bool is_drained = false;
  for (;;) {
    const void *input = is_drained ? tail : (const Bytef *)message + progress->consumed;
    size_t left = is_drained ? TAIL_COUNT : count - progress->consumed;
    uInt piece = left < UINT_MAX ? (uInt)left : UINT_MAX;
    uInt room_before = stream->avail_out;
    stream->next_in = (Bytef *)input;
    stream->avail_in = piece;
    int result = inflate(stream, Z_SYNC_FLUSH);
    if (!is_drained) progress->consumed += piece - stream->avail_in;
    progress->produced = offered - stream->avail_out;
    if (result == Z_MEM_ERROR) return CDEFLATE_EXHAUSTED;
    if (result == Z_STREAM_END && !is_drained) {
      // A block marked as the last one (§7.2.3.4). What follows is a stream of its own.
      inflateReset(stream);
      if (progress->consumed == count) return CDEFLATE_DONE;
      continue;
    }
    if (result != Z_OK && result != Z_BUF_ERROR) return CDEFLATE_CORRUPT;
    if (is_drained) {
      // The tail is an empty block: a message that makes anything else of it was cut.
      bool is_empty = stream->avail_in == 0 && stream->avail_out == room_before;
      return is_empty && is_between_blocks(stream) ? CDEFLATE_DONE : CDEFLATE_CORRUPT;
    }
    if (stream->avail_out == 0) return CDEFLATE_MORE;
    if (piece > 0 && stream->avail_in == piece) return CDEFLATE_CORRUPT;
    is_drained = progress->consumed == count;
  }
}

void cdeflate_inflater_close(cdeflate_inflater *inflater) {
  inflateEnd(&inflater->stream);
  free(inflater);
}
