"""``/v1/events``: what viewers did, taken in by the edge itself; answered once it is durable.

Owns nothing: what is taken goes to ``measurement.ingest``. How a request passes, each step a module: ``calls`` takes it
in and gives the answer, ``reading`` reads the body, ``devices`` says what a request tells of the device it comes from,
``senders`` who did what, ``keeping`` waits for the disk, ``telling`` writes what is told. ``metrics`` counts. Who asks,
and who watches, is found as for items: ``doors.edge.feed.credentials`` and ``viewers``.
"""
