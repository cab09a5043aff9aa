"""What campaigns and ad groups may be: pure functions, one module per kind of thing.

``objectives`` (what goes with what), ``amounts`` and ``budgets``, ``bids``, ``schedules``, ``delivery`` (pacing,
frequency, attribution windows, placements), ``names``; ``campaign`` and ``adgroup`` judge a whole one, gathering every
refusal. ``choices`` has the words. Names are the dialect's; amounts are micros of the advertiser's currency.
"""
