"""What decisions read is kept fresh: maps snapshots, lays deltas over them, heeds stops, and swaps by one pointer.

Owns the folder ``index`` of the data folder: indexes made from snapshots, thrown away with them. Nothing here decides.

``files`` names and maps those files and ``build`` makes them, in a child process of which one works at a time, whatever
the number of edges. ``tiers`` turns deltas into small segments; ``stopping`` clears what was stopped, from the thread
that reads changes; ``loading`` is the thread that does the rest; ``loaded`` is what it publishes.

Two threads, one lock. The thread of ``changes`` reads stops and clears live bits: it waits for nothing else, so that a
revocation is heeded within a poll whatever a build or a slow statement does. The thread of ``loading`` builds aside,
and under the lock lays the stops of meanwhile over what it built before it swaps. Decisions take no lock.
"""
