"""An edge ends within a few seconds, however many of its threads take their time."""

import asyncio
import threading

from attise.doors.edge.ending import end_side_by_side


def test_threads_are_ended_side_by_side():
    together = threading.Barrier(3, timeout=10)
    asyncio.run(end_side_by_side(together.wait, together.wait, together.wait))
    assert not together.broken, "each was under way while the others were"
