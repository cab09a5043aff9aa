"""How a committed table becomes rows in memory; shared by every table of this folder.

Place: beneath the table modules, above nothing. Owns no row and no file of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib import resources
from typing import Generic, Protocol, TypeVar

import msgspec

_DATA = resources.files("attise.records.lookups") / "data"


class TreeRow(Protocol):
    """A row that has an id and may have a parent in the same table."""

    @property
    def id(self) -> int:
        """The row's own id."""

    @property
    def parent_id(self) -> int | None:
        """The id of the row above, None at the top."""


RowT = TypeVar("RowT")
TreeRowT = TypeVar("TreeRowT", bound=TreeRow)


class Table(Generic[RowT]):
    """Rows of one file in file order, found by any of their keys.

    Cost: the file is read once, at the first question; each later question is one
    dictionary look-up. Two threads that ask first at the same time both read it and keep
    equal rows.
    """

    def __init__(self, filename: str, row_type: type[RowT], keys_of: Callable[[RowT], Iterable[str]]) -> None:
        """Remember where the rows are; nothing is read yet."""
        self.filename = filename
        self._row_type = row_type
        self._keys_of = keys_of

    @cached_property
    def rows(self) -> tuple[RowT, ...]:
        """All rows, in the order of the file."""
        lines = (_DATA / self.filename).read_text(encoding="utf-8").splitlines()
        return tuple(
            # An empty cell means "no value"; leaving it out lets the default speak.
            msgspec.convert({column: cell for column, cell in cells.items() if cell}, self._row_type, strict=False)
            for cells in csv.DictReader(lines, strict=True)
        )

    @cached_property
    def by_key(self) -> Mapping[str, RowT]:
        """Every row under each of its keys.

        Raises: ValueError when two rows claim one key; the file is then wrong.
        """
        found: dict[str, RowT] = {}
        for row in self.rows:
            for key in self._keys_of(row):
                if found.setdefault(key, row) is not row:
                    raise ValueError(f"{self.filename}: the key {key!r} names two rows")
        return found

    def find(self, text: str) -> RowT | None:
        """Return the row that `text` names exactly, or None."""
        return self.by_key.get(text)

    def get(self, text: str) -> RowT:
        """Return the row that `text` names exactly.

        Raises: KeyError when no row has this key: the caller was to check before.
        """
        return self.by_key[text]

    def load(self) -> None:
        """Read the file and build the indexes now."""
        _ = self.by_key

    def forget(self) -> None:
        """Drop what was read, so that the next question reads the file again."""
        for kept in ("rows", "by_key"):
            self.__dict__.pop(kept, None)


class Tree(Table[TreeRowT]):
    """A table whose rows hang under one another, found by id as well."""

    @cached_property
    def by_id(self) -> Mapping[int, TreeRowT]:
        """Every row under its id."""
        return {row.id: row for row in self.rows}

    @cached_property
    def below(self) -> Mapping[int, tuple[TreeRowT, ...]]:
        """The rows directly under each id that has some, in file order."""
        gathered: dict[int, list[TreeRowT]] = {}
        for row in self.rows:
            if row.parent_id is not None:
                gathered.setdefault(row.parent_id, []).append(row)
        return {parent_id: tuple(rows) for parent_id, rows in gathered.items()}

    def children(self, row_id: int) -> tuple[TreeRowT, ...]:
        """Return the rows directly under `row_id`; empty for a leaf or an unknown id."""
        return self.below.get(row_id, ())

    def chain(self, row_id: int) -> tuple[TreeRowT, ...]:
        """Return the row and all rows above it, the row itself first.

        Why: a choice of a parent covers its children, so a match looks at the whole chain.
        Result is empty for an unknown id. Cost: one look-up per level, at most two levels.
        """
        found: list[TreeRowT] = []
        row = self.by_id.get(row_id)
        while row is not None:
            found.append(row)
            row = None if row.parent_id is None else self.by_id.get(row.parent_id)
        return tuple(found)

    def load(self) -> None:
        """Read the file and build the indexes now."""
        super().load()
        _ = self.by_id, self.below

    def forget(self) -> None:
        """Drop what was read, so that the next question reads the file again."""
        super().forget()
        for kept in ("by_id", "below"):
            self.__dict__.pop(kept, None)
