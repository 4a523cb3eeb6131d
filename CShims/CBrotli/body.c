#include "CBrotli.h"

#include <brotli/encode.h>

// The encoder takes larger ones, but says nothing of how much room they may need.
enum { BODY_MAX = 1 << 30 };

size_t cbrotli_body_room(size_t count) { return count <= BODY_MAX ? BrotliEncoderMaxCompressedSize(count) : 0; }

size_t cbrotli_body(int quality, const void *body, size_t count, void *output, size_t room) {
  size_t produced = room;
  BROTLI_BOOL is_done = BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, count, body, &produced,
                                              output);
  return is_done ? produced : 0;
}
