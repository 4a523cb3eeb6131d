#define _GNU_SOURCE

#include "CCrypt.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

// Looks at every byte, whichever is the first that differs.
static bool equals(const char *one, const char *other) {
  size_t count = strlen(one);
  if (count != strlen(other)) return false;
  unsigned char difference = 0;
  for (size_t index = 0; index < count; index++) difference |= (unsigned char)(one[index] ^ other[index]);
  return difference == 0;
}

bool ccrypt_matches(const char *password, const char *hash) {
  // 32 KiB: too much for a thread's small stack.
  struct crypt_data *data = calloc(1, sizeof *data);
  if (!data) return false;
  const char *found = crypt_r(password, hash, data);
  bool matches = found && equals(found, hash);
  explicit_bzero(data, sizeof *data);
  free(data);
  return matches;
}
