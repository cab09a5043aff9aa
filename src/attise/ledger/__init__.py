"""Double entry: accounts, transfers, charges, and the envelopes that bound them. Knows nothing of ads.

Owns accounts (one balance for each key and currency), transfers with their entries, batches (what was sealed together,
chained by hash, numbered without gaps in each currency), envelopes with their periods, charges, and the list of
envelopes that were touched and not yet told of (``actions.take_touched``).

A *transfer* moves whole micros between accounts of one currency; its entries sum to zero; it is never changed, only
reversed, once, by another. A *charge* is what one event costs: all of it, or nothing. It is *free* when an envelope
that bounds it lacks room in the period of the decision (``overdelivery``), was closed more than a minute before the
event was received (``envelope_closed``), or is not there any more (``envelope_unknown``); and after a restore
(``actions.note_restored``) where the event's token is of before (``restored``). An *envelope* is a limit: on
a local day, a week from Sunday to Saturday, all of a budget, a grant, or an account's balance, which then never falls
below zero, since what transfers bring to the account is its limit and what charges take is its spend.

Everything of a currency is written through one open *book* (``actions.batch``), in the transaction of the caller, under
the lock of that currency's head row: so nobody waits in a circle, and rows are sealed in the order of commits. Open the
books of several currencies in the order of their codes. The lock is held until the caller's transaction ends: call the
ledger late in it.

Doors: ``actions``, ``queries``, ``verify``, ``funding``. Announces nothing: whoever calls tells others.
"""
