"""Which ads may be shown to a viewer now: an index in memory, from an audience to the best candidates.

Owns: nothing stored; its files are made from snapshots and thrown away. Its parts: ``rows`` (facts of ads and groups as
arrays), ``codes`` (words that are numbers there), ``laws`` (whom the law keeps from whom), ``order`` (of the tests),
``build`` and ``segment`` (the index), ``index_file`` (how it lies on the disk), ``query`` (a viewer against one index),
``retrieve`` (the search: ``compiled`` and ``numpy_scan``), ``matching`` (the same rules for one ad, plainly: what the
search must equal), ``plain`` (all of it for a list of ads, as a library).
"""
