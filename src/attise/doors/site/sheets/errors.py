"""What a file refuses."""

from __future__ import annotations

from attise.kernel.errors import N_, Reason

FILE_ROWS = Reason(
    "file_rows",
    N_("A file holds at most %(most)s rows."),
    N_("Narrow the list down, then export it."),
)
