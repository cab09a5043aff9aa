"""What serving loads: management/snapshots → serving. One file of everything that may run, and deltas upon it.

``shapes`` holds the records (one ad, one organic post, everything they need resolved), ``layout`` how a file lies on
the disk, ``tables`` which of a record's facts are arrays, ``writer`` and ``reader`` the two ends of a file, ``deltas``
what is read from the database after it, ``fold`` the one rule of what holds when file, deltas and stops are laid over
each other. Owns no row. Shapes grow at their end only: bytes recorded by an older release decode for ever.
"""
