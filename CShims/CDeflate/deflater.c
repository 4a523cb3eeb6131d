#include "CDeflate.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct cdeflate_deflater {
  z_stream stream;
};

cdeflate_deflater *cdeflate_deflater_open(int level, int window_bits, int memory_level) {
  cdeflate_deflater *deflater = calloc(1, sizeof *deflater);
  if (deflater == NULL) return NULL;
  // Negative: bare deflate data without zlib's header and checksum.
  if (deflateInit2(&deflater->stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK) {
    return deflater;
  }
  free(deflater);
  return NULL;
}

void cdeflate_deflater_reset(cdeflate_deflater *deflater) { deflateReset(&deflater->stream); }

cdeflate_status cdeflate_deflate(cdeflate_deflater *deflater, const void *message, size_t count, void *output,
                                 size_t room, cdeflate_progress *progress) {
  z_stream *stream = &deflater->stream;
  size_t offered = room < UINT_MAX ? room : UINT_MAX;
  stream->next_out = output;
  stream->avail_out = (uInt)offered;
  for (;;) {
    size_t left = count - progress->consumed;
    uInt piece = left < UINT_MAX ? (uInt)left : UINT_MAX;
    stream->next_in = (Bytef *)message + progress->consumed;
    stream->avail_in = piece;
    int result = deflate(stream, piece == left ? Z_SYNC_FLUSH : Z_NO_FLUSH);
    progress->consumed += piece - stream->avail_in;
    progress->produced = offered - stream->avail_out;
    // Z_BUF_ERROR only says that there was nothing left to do.
    if (result != Z_OK && result != Z_BUF_ERROR) return CDEFLATE_CORRUPT;
    if (stream->avail_out == 0) return CDEFLATE_MORE;
    if (progress->consumed == count) return CDEFLATE_DONE;
  }
}

void cdeflate_deflater_close(cdeflate_deflater *deflater) {
  deflateEnd(&deflater->stream);
  free(deflater);
}
