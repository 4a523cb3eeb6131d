#include "CDeflate.h"

#include <limits.h>
#include <zlib.h>

size_t cdeflate_body_room(size_t count) {
  // compressBound is for zlib's header; gzip's is 12 bytes longer.
  return count < UINT_MAX / 2 ? compressBound(count) + 12 : 0;
}

size_t cdeflate_body(cdeflate_format format, int level, const void *body, size_t count, void *output, size_t room) {
  if (count > UINT_MAX || room > UINT_MAX) return 0;
  z_stream stream = {0};
  int window_bits = format == CDEFLATE_GZIP ? 15 + 16 : 15;
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (Bytef *)body;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)room;
  int result = deflate(&stream, Z_FINISH);
  size_t produced = room - stream.avail_out;
  deflateEnd(&stream);
  return result == Z_STREAM_END ? produced : 0;
}
