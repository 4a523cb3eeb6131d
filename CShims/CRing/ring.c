// A ring that is filled, submitted and emptied in one go.
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "CRing.h"

struct cring {
  struct io_uring uring;
  unsigned waiting;
  uint64_t tags[];
};

// One thread submits and asks for completions itself, so the kernel need not wake it; one bad send does not keep those
// behind it.
enum { FLAGS = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL };

cring *cring_open(unsigned entries, int *error) {
  cring *ring = calloc(1, sizeof *ring + entries * sizeof *ring->tags);
  *error = ring ? io_uring_queue_init(entries, &ring->uring, FLAGS) : -ENOMEM;
  if (*error == 0) {
    // Saves a look-up with every submission; without it the ring works all the same.
    io_uring_register_ring_fd(&ring->uring);
    return ring;
  }
  free(ring);
  return NULL;
}

void cring_free(cring *ring) {
  io_uring_queue_exit(&ring->uring);
  free(ring);
}

void cring_add(cring *ring, int fd, const void *bytes, uint32_t count, uint64_t tag) {
  struct io_uring_sqe *entry = io_uring_get_sqe(&ring->uring);
  // With MSG_DONTWAIT the kernel completes it at once, instead of waiting for the socket.
  io_uring_prep_send(entry, fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
  entry->user_data = tag;
  ring->tags[ring->waiting++] = tag;
}

static int32_t outcome(int result) {
  if (result == -EAGAIN || result == -EWOULDBLOCK) return CRING_WOULD_BLOCK;
  return result == -EINTR ? CRING_NOT_TRIED : result;
}

int cring_submit(cring *ring, cring_result *results, unsigned *count) {
  unsigned taken = 0, done = 0, head;
  int error = 0;
  while (taken < ring->waiting && !error) {
    int result = io_uring_submit_and_wait(&ring->uring, ring->waiting);
    if (result > 0) taken += result;
    else if (result != -EINTR) error = result ? result : -EIO;
  }
  // All are over by now; if a signal came in between, they are soon. What was not taken must not be submitted here.
  struct io_uring_cqe *first;
  while (io_uring_cq_ready(&ring->uring) < taken) io_uring_wait_cqe_nr(&ring->uring, &first, taken);
  struct io_uring_cqe *completion;
  io_uring_for_each_cqe(&ring->uring, head, completion) {
    results[done++] = (cring_result){.tag = completion->user_data, .sent = outcome(completion->res)};
  }
  io_uring_cq_advance(&ring->uring, done);
  for (unsigned i = taken; i < ring->waiting; i++) {
    results[done++] = (cring_result){.tag = ring->tags[i], .sent = CRING_NOT_TRIED};
  }
  ring->waiting = 0;
  *count = done;
  return error;
}
