"""Events are settled here, once each; and what is spent and counted so far is told to decisions.

Owns the place in the log (``attribution_position``), what was counted (``attribution_settled``, by the 16 bytes that an
event counts once by), how many events came from where (``attribution_pace``, a row of each batch), what came of each
decision that chose an ad (``attribution_outcome``), hours of ads and the conversions that they are credited with
(``attribution_adevent``), quarters of an hour of ad groups, what was charged for each process's decisions
(``attribution_spending``), and the list of what changed since totals were told (``attribution_changed``).

*Settling* takes the log in its order, batch by batch; a batch is one transaction (``actions.settle``). What it does
with events is pure (``judging``, with ``plausible``, ``paces``, ``billing``), so that a recount from the log takes the
same steps (``recount``).

*Totals* are rows of envelopes, posts and ad groups as ``records.totals`` writes them, each with the version it was last
changed in, and one head row that says up to where they speak. Decision processes read both with plain SQL, above the
version they know. Every row is absolute, so one that is read late or twice does no harm. None is missed: what was
touched is listed in the transaction that touched it, and here the list is taken, the objects are read and the rows are
written in one transaction, under the lock of the head row; so versions are in commit order, and of two publishers the
later one has read later. A period that ends by the clock is followed by the next one in the same way.

Doors: ``actions``, ``queries``, ``recount``. Announces nothing.
"""
