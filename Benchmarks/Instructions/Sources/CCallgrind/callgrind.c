#include "CCallgrind.h"

// Valgrind's requests are macros around inline assembly, which Swift cannot import.
#include <valgrind/callgrind.h>

void ccallgrind_start(void) {
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
}

void ccallgrind_stop(const char *name) {
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(name);
}
