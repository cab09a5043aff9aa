"""The public door: one lean process on the public port.

Decides feeds, takes in events, leads from ads to their pages, and serves media and the tag itself; passes everything
else to the site over a Unix socket, with limits before anything is passed on. Reads changes from the database by plain
SQL, so that what is stopped stops within seconds. Owns no table and imports no Django: nothing that runs while a viewer
waits does.

``server`` is the process; ``guard`` bounds connections and request heads, and ``at_once`` is what it has answered
before there is a task; ``app`` is the routes; ``media``, ``health`` and ``proxy`` answer; ``exchange`` is one request
and its answer; ``problems`` is every "no" of this door; ``changes`` keeps the live state. ``serving`` keeps fresh what
decisions read, ``feed`` answers with it; ``events`` takes in what was done, ``tag`` what pages of advertisers tell.
"""
