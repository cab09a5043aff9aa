"""Facts: what happened as flat rows in columnar files, complete up to a watermark; what reports and training read.

Owns the folder ``facts`` of the data folder, the watermark (``reports_watermark``) and the list of files that hold
(``reports_file``). A file is never changed: it is written aside, brought to the disk and renamed, and counts from the
moment its row is there. So whoever reads takes the files of ``queries.list_files`` and never looks into the folder.

``gathering`` (rows of facts from steps, outcomes and decisions), ``columnar`` (files: the one module that knows the
engine), ``folder`` (names, and one writer at a time); none of the three knows the database. Doors: ``actions``,
``queries``, ``columnar.read_columns``, ``learning``. Announces nothing.
"""
