"""What people did with posts, profiles and standard ads, counted once: in all, and by the hour.

Owns the counters (``counters_subject``, in all; ``counters_hour``, by the hour), each in an organic and a paid row, so
that ``total = organic + paid`` for every signal and hour by construction; the states that persons put objects in
(``counters_state``: who likes, saves, follows what, folded from their acts in any order); how much of each decision's
video was watched (``counters_watched``); and the follows that viewers' records have not been told of
(``counters_followed``).

A *subject* is what counters stand at: the original post, wherever its ad was shown; the ad itself for a standard one;
or a creator's profile for what was done there, on no post. A creator's counters are the sum over the subjects of
theirs.
``signals`` is the one table of which type of event moves which counter.

Doors: ``signals``, ``tally``, ``folding`` (pure), ``actions``, ``queries``. Announces nothing; written by whoever
settles events, in the transaction that settles them.
"""
