// A channel is the one BIO that all sessions of a thread read from and write to. It stands for bytes in memory only
// during a call, so an idle session owns no buffer and no BIO of its own.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// What the output buffer begins with, and what it is cut back to after a burst.
enum { OUTPUT_BYTES = 64 << 10, OUTPUT_KEPT = 1 << 20 };

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

static int on_read(BIO *bio, char *bytes, size_t count, size_t *read) {
  ctls_channel *channel = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  size_t n = count < channel->input_count ? count : channel->input_count;
  if (!n) {
    BIO_set_retry_read(bio);
    *read = 0;
    return 0;
  }
  memcpy(bytes, channel->input, n);
  channel->input += n;
  channel->input_count -= n;
  *read = n;
  return 1;
}

bool ctls_channel_reserve(ctls_channel *channel, size_t count) {
  size_t capacity = channel->output_capacity ? channel->output_capacity : OUTPUT_BYTES;
  while (capacity < channel->output_count + count) capacity *= 2;
  if (capacity == channel->output_capacity) return true;
  uint8_t *output = realloc(channel->output, capacity);
  if (!output) return false;
  channel->output = output;
  channel->output_capacity = capacity;
  return true;
}

static int on_write(BIO *bio, const char *bytes, size_t count, size_t *written) {
  ctls_channel *channel = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  *written = 0;
  if (!ctls_channel_reserve(channel, count)) return 0;
  memcpy(channel->output + channel->output_count, bytes, count);
  channel->output_count += count;
  *written = count;
  return 1;
}

static long on_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio, (void)number, (void)pointer;
  return command == BIO_CTRL_FLUSH;
}

static void make_method(void) {
  BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "bongsu channel");
  if (!made) return;
  BIO_meth_set_read_ex(made, on_read);
  BIO_meth_set_write_ex(made, on_write);
  BIO_meth_set_ctrl(made, on_control);
  method = made;
}

ctls_channel *ctls_channel_open(void) {
  pthread_once(&method_once, make_method);
  ctls_channel *channel = method ? calloc(1, sizeof *channel) : NULL;
  if (!channel) return NULL;
  channel->bio = BIO_new(method);
  if (!channel->bio || !ctls_channel_reserve(channel, 0)) {
    ctls_channel_close(channel);
    return NULL;
  }
  BIO_set_data(channel->bio, channel);
  BIO_set_init(channel->bio, 1);
  return channel;
}

const uint8_t *ctls_channel_output(const ctls_channel *channel, size_t *count) {
  *count = channel->output_count;
  return channel->output;
}

void ctls_channel_clear(ctls_channel *channel) {
  channel->output_count = 0;
  if (channel->output_capacity <= OUTPUT_KEPT) return;
  uint8_t *output = realloc(channel->output, OUTPUT_BYTES);
  if (!output) return;
  channel->output = output;
  channel->output_capacity = OUTPUT_BYTES;
}

// Sessions that were last used here may still hold the BIO; they take another before they use it.
void ctls_channel_close(ctls_channel *channel) {
  BIO_free(channel->bio);
  for (size_t i = 0; i < SEATS; i++) EVP_CIPHER_CTX_free(channel->seats[i].cipher);
  free(channel->output);
  OPENSSL_cleanse(channel->staged, sizeof channel->staged);
  free(channel);
}
