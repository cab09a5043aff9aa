"""Reports that a member makes: the list, the builder with its result, and what is done to one.

``asking`` reads an address into a plan and writes it back; ``page`` shows; ``drawing`` makes the table and the chart of
a result; ``acts`` saves, renames, deletes, gives files.
"""
