"""Arrays that grow row by row: columns of numbers, of words, and lists of either.

A list column is two arrays: ``name`` holds the values of all rows one after the other, ``name.starts`` (one entry more
than there are rows) where each row's begin. Words are texts of a small vocabulary, kept as numbers into one list; that
is why free text never becomes a column.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

CODES: Final = {"<i8": "q", "<u8": "Q", "<i4": "i", "<u4": "I", "<u2": "H", "<u1": "B"}
"""The type codes of Python's own arrays, by numpy's names."""
WORD: Final = "<u2"
MOST_WORDS: Final = 1 << 16


class Words:
    """Texts by number, in the order they were met; the empty one is 0."""

    def __init__(self) -> None:
        """Know the empty text."""
        self._numbers: dict[str, int] = {"": 0}

    def number_of(self, text: str) -> int:
        """Return the number of a text, giving it one if it has none."""
        number = self._numbers.setdefault(text, len(self._numbers))
        if number >= MOST_WORDS:
            raise AssertionError("words are a small vocabulary: this text belongs in a payload")
        return number

    def numbers_of(self, texts: Iterable[str]) -> list[int]:
        """Return the numbers of several texts."""
        return [self.number_of(text) for text in texts]

    def all(self) -> tuple[str, ...]:
        """Return every text by its number."""
        return tuple(self._numbers)


class Table:
    """One growing table: scalar columns are given together as a tuple, list columns after them."""

    def __init__(self, name: str, columns: dict[str, str], lists: dict[str, str] | None = None) -> None:
        """Begin an empty table whose columns have these numpy types."""
        self.name = name
        self.rows = 0
        self._columns = {column: _grow(dtype) for column, dtype in columns.items()}
        self._lists = {column: (_grow(dtype), array("I", [0])) for column, dtype in (lists or {}).items()}
        self._appenders = [values.append for values in self._columns.values()]
        self._extenders = list(self._lists.values())
        self._types = {**columns, **(lists or {})}

    def add(self, values: tuple[int, ...], lists: tuple[Iterable[int], ...] = ()) -> int:
        """Add a row and return its place. Cost: about 50 ns a column."""
        for append, value in zip(self._appenders, values, strict=True):
            append(value)
        for (kept, starts), several in zip(self._extenders, lists, strict=True):
            kept.extend(several)
            starts.append(len(kept))
        self.rows += 1
        return self.rows - 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by their whole names; they share the table's memory, which must not grow meanwhile."""
        found: dict[str, NDArray[Any]] = {}
        for column, values in self._columns.items():
            found[f"{self.name}.{column}"] = np.frombuffer(values, dtype=self._types[column])
        for column, (values, starts) in self._lists.items():
            found[f"{self.name}.{column}"] = np.frombuffer(values, dtype=self._types[column])
            found[f"{self.name}.{column}.starts"] = np.frombuffer(starts, dtype="<u4")
        return found


def _grow(dtype: str) -> array[int]:
    made: array[int] = array(CODES[dtype])
    if made.itemsize != np.dtype(dtype).itemsize or sys.byteorder != "little":
        raise AssertionError("this machine's numbers are not those of the file")
    return made


def bytes_of(values: NDArray[Any]) -> memoryview:
    """Return the bytes of an array as they lie in memory, without a copy."""
    return np.ascontiguousarray(values).reshape(-1).view(np.uint8).data if values.size else memoryview(b"")
