"""Reports that people make themselves, for both doors: what one asks, its words, its rows, and its file.

``plans`` is what a report asks and what is refused of it, ``titles`` what columns and values are called, ``telling``
the rows on a page, ``files`` the same rows as a file, at once or by the worker, ``readers`` who may be sent one.
Before: the door knows for whom it acts. After: names are those of ``measurement.reports.asking``, the one table of
metrics; rows come from the newest roll-ups.
"""
