"""What files come down to: rows, and what was left out with its place and reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from attise.kernel.errors import N_
from attise.measurement.scout.bounds import ROWS_MOST, SKIPPED_MOST
from attise.measurement.scout.observed import COUNTS

REASONS: Final[dict[str, str]] = {
    "not_a_file": N_("not a regular file"),
    "unreadable": N_("cannot be read"),
    "empty": N_("an empty file"),
    "too_large": N_("the file is too large"),
    "broken_gzip": N_("its gzip is broken"),
    "unknown_format": N_("a format that is not known"),
    "not_json": N_("JSON that cannot be read"),
    "too_deep": N_("JSON nested too deep"),
    "no_columns": N_("its columns are not known: at least post and views are needed"),
    "line_too_long": N_("the line is too long"),
    "cells": N_("more cells than columns"),
    "no_post": N_("a post without an id"),
    "no_views": N_("no count of views"),
    "bad_views": N_("a count of views that cannot be read"),
    "negative": N_("a count below zero"),
    "too_many": N_("a count beyond measure"),
    "bad_time": N_("a time that cannot be read"),
    "duplicate": N_("a look that was read before"),
    "not_a_post": N_("not a post"),
    "rows_most": N_("too many rows"),
    "files_most": N_("too many files"),
    "posts_most": N_("too many posts"),
}
"""Why a file or a row was left out."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out. ``line`` 0: the file as a whole. ``reason`` is a code of ``REASONS``."""

    file: str
    line: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One look at one post. ``counts`` in the order of ``COUNTS``, NaN where none was told; the first is never NaN."""

    post: str
    counts: tuple[float, ...]
    at_ms: int | None = None
    published_at_ms: int | None = None
    duration_s: float | None = None
    creator: str = ""
    category: str = ""
    title: str = ""
    line: int = 0


class BadRow(Exception):  # noqa: N818 - what the row is
    """A row that is left out, with a code of ``REASONS`` and what stood there."""

    def __init__(self, reason: str, detail: object = "") -> None:
        """Keep the reason and the beginning of what stood there."""
        self.reason = reason
        self.detail = printable(str(detail))[:40]
        super().__init__(reason)


@dataclass
class Tally:
    """What was left out so far, and how many rows may still come."""

    skipped: list[Skipped] = field(default_factory=list)
    more: int = 0
    """Left out beyond those that are told one by one."""
    rows: int = 0

    def skip(self, file: str, line: int, reason: str, detail: str = "") -> None:
        """Tell of something that is left out; of a file as a whole always."""
        if line and len(self.skipped) >= SKIPPED_MOST:
            self.more += 1
        else:
            self.skipped.append(Skipped(file, line, reason, detail))

    def take(self, file: str, line: int, make: Callable[[], Row]) -> Row | None:
        """Return a row, or None where it is left out or where there are too many."""
        if self.rows >= ROWS_MOST:
            self.skip(file, line, "rows_most")
            return None
        try:
            row = make()
        except BadRow as bad:
            self.skip(file, line, bad.reason, bad.detail)
            return None
        self.rows += 1
        return row


def printable(text: str) -> str:
    """Return a text on one line without what a terminal, a page or a spreadsheet would act on."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())


assert len(COUNTS) == 5  # noqa: PLR2004 - rows and arrays have the same columns
