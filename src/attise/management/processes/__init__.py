"""The processes of one house: node numbers, heartbeats, and the world clock's offset.

Owns ``processes_process`` (one row per node number in 0..1023: who holds it, when it was last seen, which change and
clock it has applied), ``processes_start`` (how often each role was started) and ``processes_worldclock`` (one row: how
far world time runs ahead of wire time; only a sandbox moves it).

A node number is free when it was never held or not seen for an hour; each live process writes its row at least every
few seconds. Read by the edge with plain SQL (``records.tables``).
"""
