// The part of libcrypt that checking a password needs, as Swift sees it: `crypt.h` is included only by the .c file
// beside it.
#ifndef CCRYPT_H
#define CCRYPT_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Whether the password is the one that the bcrypt hash was made of. Takes as long as the hash's cost says, a tenth of
/// a second for a usual one, and no shorter when the password is wrong. For any thread.
bool ccrypt_matches(const char *password, const char *hash);

#pragma clang assume_nonnull end

#endif
