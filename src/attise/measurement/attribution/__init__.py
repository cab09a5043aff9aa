"""What is spent and counted so far, as decisions read it.

Owns ``attribution_head`` (one row: up to where totals speak) and ``attribution_totals`` (one row for each envelope of
the ledger: what it holds in its current period, as ``records.totals`` writes it, and the version it was last changed
in). Decision processes read both with plain SQL, above the version they know.

Every row is absolute, so one that is read late or twice does no harm. None is missed: the ledger lists what was touched
in the transaction that touched it, and here the list is taken, the envelopes are read and the rows are written in one
transaction, under the lock of the head row; so versions are in commit order, and of two publishers the later one has
read later. A period that ends by the clock is followed by the next one in the same way.

Doors: ``actions.publish_totals``, ``queries``. Announces nothing.
"""
