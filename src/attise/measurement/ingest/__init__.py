"""The durable log of decisions, and of events as they come in; no Django.

Owns one file of the data folder, ``events.sqlite3``: batches in the order in which they were committed, each with a
position. Doors: the edge appends, whoever explains a decision finds it, whoever settles reads on from a position.
Announces nothing.

``log`` is the contract, which a server of logs may fulfil in this file's place; ``sqlite_log`` fulfils it. Two threads
stand between answers and the log: ``writer`` for decisions, which nobody waits for, and ``keeper`` for events, which
are durable before anybody is told that they are taken. ``accept`` says which are taken, by what ``sent``, ``agents``,
``networks`` and ``keys`` hold; ``errors`` why one is not. ``retention`` lets go of what is old and was read by all.
"""
