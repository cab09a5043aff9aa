"""The limits of the edge itself: each has a number, and is answered cleanly when it is met."""

from __future__ import annotations

from attise.kernel.limits import BODY_BYTES, KIB, MIB

HEAD_S = 10.0
"""From the first byte of a connection or request to the end of its head."""
ADDRESS_BYTES = 16 * KIB
HEAD_BYTES = 64 * KIB
HEADERS = 80
TRAILER_BYTES = 8 * KIB
PIPELINED = 8
"""Requests that may wait behind one another on a connection."""
CONNECTIONS = 1_000
KEEP_ALIVE_S = 15
DRAIN_S = 10
"""How long requests in flight may last once the process is told to end."""
NOTICE_S = 0.4
"""How long the process says that it is not ready, before it stops taking connections."""

BODY_GRACE_S = 20.0
"""How long a body may pause, and what is not counted when its pace is judged."""
BODY_PACE_BYTES = 1 * KIB
"""Bytes a second that a body kept in memory must make on average."""
UPLOAD_PACE_BYTES = 16 * KIB
"""The same for a body that holds one of the site's threads."""
LINGER_S = 10.0
"""How long what is left of a refused body is read and thrown away, so that the refusal arrives."""
LINGER_PAUSE_S = 2.0

IN_FLIGHT = 64
"""Requests that the site is given at once."""
IN_LINE = 256
"""Requests that wait for their turn."""
TURN_WAIT_S = 3.0
LONG_TURNS = 6
"""Of the site's threads, those that streams may hold: uploads, and answers too long to be taken in at once."""
LONG_WAIT_S = 10.0
SPOOLS = 4
"""Bodies of unknown length that may come in at once; none of them holds a turn of the site's meanwhile."""
MEMORY_BYTES = 64 * MIB
"""All bodies held in memory at once, so that a slow client holds no thread of the site."""
ANSWER_IN_MEMORY_BYTES = 1 * MIB
UNREAD_BYTES = 64 * KIB
"""What a connection may hold that its client has not read, without being waited for."""
WRITE_STALL_S = 60.0
"""How long a client may leave an answer unread."""
CONNECT_S = 2.0

MEDIA_CHUNK_BYTES = 128 * KIB
"""What is read at once, and all that a paused player costs."""
MEDIA_THREADS = 4
MEDIA_STALL_S = 300.0
"""A paused player leaves its file unread; it asks again by range."""

SITE_ANSWER_S = 2.0
HEALTH_LIFE_S = 0.25
SEEN_MS = 5_000
"""A process not seen for longer does not answer."""
BEAT_S = 1.0
SWITCH_S = 0.000_5
"""How long a thread that builds may keep the interpreter while a request waits for it."""

if not MEMORY_BYTES >= 8 * BODY_BYTES:
    raise AssertionError("the memory for bodies must hold several of them")
