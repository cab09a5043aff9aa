"""Changes and notices, stored in the transaction that made them.

Owns ``outbox_version`` (one row: the number of the newest change), ``outbox_change`` (what decisions must learn of, by
that number) and ``outbox_notice`` (what a person must learn of). A unit of work gives changes their numbers last, under
the lock of the version row, so that the order of numbers is the order of commits: a reader that saw number *n* has
missed nothing at or below it. Read by decision processes with plain SQL (``records.tables``).

Doors: ``actions.unit``, and ``actions.verb`` for the function that opens one. Announces nothing of its own.
"""
