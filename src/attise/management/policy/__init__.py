"""What the operator sets for the whole house: the least budget, days of grants, reviews, the fee, languages, and ads.

Owns each value as it stands and every change of it, with who, when and why: a change needs a note, and is never altered
or removed. A value that nobody set is the house's own (``rules.DEFAULTS``). Rooms ask for what they judge by
(``queries.get_policy``); ads that are stopped altogether every edge reads by itself, twice a second
(``records.tables``), so that the stop waits for no worker.

Doors: ``actions``, ``queries``.
"""
