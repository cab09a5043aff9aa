"""Look-up tables that every floor shares: what may be named, and how it is called.

Place: beside the other records, above the kernel; no Django, no clock, no network.
Owns: `data/*.csv`, one committed file per table, and one module per file:
`interests`, `behaviours`, `regions`, `languages`, `currencies`, `categories`,
`call_to_actions`. `names` gives a row's name in French or English; `preload` reads
every file at once.

A file is read at the first question and kept for the life of the process. A process
that decides while a viewer waits calls `preload.load_all()` at its start, so that a
decision never touches the disk. Later questions are dictionary look-ups.

Ids are whole numbers inside and decimal text outside (`row.wire_id`). An id or a slug,
once published, is never given to another row: a row that goes away leaves a gap.
"""
