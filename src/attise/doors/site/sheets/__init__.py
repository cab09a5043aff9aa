"""Tables as files, for both doors: CSV in two ways, XLSX and Parquet of one and the same rows.

``columns`` says what a table is: columns with a kind each, rows of plain values. ``forms`` names the kinds of file;
``lines``, ``workbook`` and ``parquet`` write one each; ``answers`` gives one to a browser or a caller. ``figures`` has
the columns of what ads came to. A door says what its rows are about, in its own words.
"""
