"""One byte range of a file, as RFC 9110 section 14 has it."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=[ \t]*([0-9]{0,19})-([0-9]{0,19})[ \t]*")


class Unsatisfiable(Exception):  # noqa: N818 - an outcome: the range lies outside the file
    """The range is well formed and holds no byte of the file."""


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """Return ``(first, last)``, both inclusive, of the one range asked for.

    None means that the header is to be ignored and the whole file sent: another unit, several ranges, or not a range.
    Raises: Unsatisfiable. Invariants: 0 <= first <= last < size.
    """
    match = _ONE.fullmatch(header)
    if match is None or match[0].endswith("=-"):
        return None
    first, last = match[1], match[2]
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    start = int(first)
    end = int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, min(end, size - 1)
