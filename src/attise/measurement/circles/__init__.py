"""How far the feed takes a post: circles of people that widen while those who meet it stay.

A post begins with the people whom it is nearest to, a batch of them; is judged by how they liked it; and goes on to a
wider circle, until everyone may be shown it, or it is *no longer progressing*. Only what the feed brought is asked,
never what ads did: no money buys a circle.

Reading order, all of it pure: ``bounds`` (numbers), ``quality`` (what an impression is worth, whatever the length),
``ladder`` (how large circles are here), ``gate`` (who passes), ``growth`` (who still grows), ``moving`` (states and
what leads from one to another), ``book`` (all of it over plain values), ``words``.

Owns the standings of posts (``circles_standing``), every move with its date and reason (``circles_move``), the house's
plan with the totals that were last looked at (``circles_plan``, one row), and the list of posts whose circle was not
told to decisions yet (``circles_untold``). One turn of ``actions.look`` is one transaction under the lock of the plan's
row: whoever dies in it leaves everything as it was, and of two workers one does nothing. What decisions know of circles
stands in ``records.totals``, published by ``attribution`` as counts are; there the list is taken.

Doors: ``actions``, ``queries``, ``words``. Announces nothing.
"""
