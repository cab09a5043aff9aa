"""``/v1/feed`` and ``/v1/ads``: what a viewer waits for, answered by the edge itself; and the way on from an ad.

Owns one file of the data folder per edge, ``viewers-N.sqlite3``: what lately happened to whom, by names that nothing
outside this house leads back from. Announces nothing; its decisions go to ``measurement.ingest``.

How a request passes, each step a module: ``calls`` takes it in and gives the answer, ``credentials`` says who asks,
``asked`` reads the body, ``viewers`` and ``memories`` tell who watches, ``serving.feed`` decides, ``items`` writes
the answer. ``refusals`` is every "no", in the native API's one shape; ``clicks`` leads from an ad to its page;
``metrics`` counts.
"""
