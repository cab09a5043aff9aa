"""Facts and roll-ups: what happened as rows and as sums in columnar files; what reports and training read.

Owns the folders ``facts`` and ``rollups`` of the data folder, the watermark (``reports_watermark``), the list of files
that hold (``reports_file``), reports that are written in the background (``reports_task``), and what ads brought
promoted posts, as the worker last worked it out for readers. A file is never changed: it is written aside, brought to
the disk and renamed, and counts from the moment its row is there. So whoever reads takes the files of
``queries.list_files`` and never looks into the folder; of roll-ups, those that the newest manifest names.

``gathering`` (rows of facts from steps, outcomes and decisions), ``columnar`` (files: the one module that knows the
engine), ``folder`` (names, and one writer at a time), ``rollups`` (sums of facts, and how they are published); none of
them knows the database. ``recount`` compares it all with what was charged. Doors: ``actions``, ``queries``,
``columnar``, ``rollups.reading``, ``recount``, ``learning``. Announces nothing.
"""
