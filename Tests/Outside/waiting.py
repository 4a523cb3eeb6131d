"""Every wait has an end."""

import time


def eventually(condition, seconds=5.0, what="the condition"):
    """Polls until `condition()` is truthy and gives its value; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}; last value: {value!r}")
        time.sleep(0.01)
