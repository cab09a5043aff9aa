"""What is told of a batch: one result for each event, in order.

Step 3 of *an event comes back*. Before: what was taken is durable.
"""

from __future__ import annotations

from typing import Final

import msgspec

from attise.measurement.ingest.accept import ACCEPTED, Accepted

_BETWEEN: Final = b'","status":"%b"},{"event_id":"' % ACCEPTED.encode()
_encode = msgspec.json.Encoder().encode


def write(made: Accepted) -> bytes:
    """Return the body of the answer. Cost: a few µs where all is accepted: answers differ by their names alone."""
    if not made.untaken:
        names = _encode(made.event_ids)
        if b"\\" not in names:  # so that a quote is the end of a name and nothing else
            return b'{"results":[{"event_id":%b,"status":"%b"}]}' % (
                names[1:-1].replace(b'","', _BETWEEN),
                ACCEPTED.encode(),
            )
    return b'{"results":%b}' % _encode(made.results)
