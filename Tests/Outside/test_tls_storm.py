"""Everybody comes back at once."""

import time

from secure import pair, serving
from storm import Probe, storm

COUNT = 5_000


def test_five_thousand_handshakes_at_once_are_all_served_and_nobody_else_waits_for_them():
    with serving(*pair("one"), "--tls-timeout", 60_000, loops=1) as program:
        with Probe(program.url) as probe:
            time.sleep(0.5)
            served, begin, end = storm(program.url, COUNT)
        assert served == COUNT
        whole = 1000 * (end - begin)
        count, median, late, _ = probe.between(begin, end)
        # In the order of arrival the median would be half of the whole.
        assert count > 10 and median < whole / 20 and late < whole / 4
