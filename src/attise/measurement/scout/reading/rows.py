"""What files come down to: rows, and what was left out with its place and reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from attise.measurement.scout.bounds import ROWS_MOST, SKIPPED_MOST
from attise.measurement.scout.observed import COUNTS

REASONS: Final[dict[str, tuple[str, str]]] = {
    "not_a_file": ("pas un fichier ordinaire", "not a regular file"),
    "unreadable": ("lecture impossible", "cannot be read"),
    "empty": ("fichier vide", "an empty file"),
    "too_large": ("fichier trop grand", "the file is too large"),
    "broken_gzip": ("compression gzip abîmée", "its gzip is broken"),
    "unknown_format": ("format non reconnu", "a format that is not known"),
    "not_json": ("JSON illisible", "JSON that cannot be read"),
    "too_deep": ("JSON trop imbriqué", "JSON nested too deep"),
    "no_columns": (
        "colonnes non reconnues : il faut au moins la publication et les vues",
        "its columns are not known: at least post and views are needed",
    ),
    "line_too_long": ("ligne trop longue", "the line is too long"),
    "cells": ("plus de cellules que de colonnes", "more cells than columns"),
    "no_post": ("publication sans identifiant", "a post without an id"),
    "no_views": ("nombre de vues absent", "no count of views"),
    "bad_views": ("nombre de vues illisible", "a count of views that cannot be read"),
    "negative": ("nombre négatif", "a count below zero"),
    "too_many": ("nombre démesuré", "a count beyond measure"),
    "bad_time": ("date illisible", "a time that cannot be read"),
    "duplicate": ("relevé déjà lu", "a look that was read before"),
    "not_a_post": ("pas une publication", "not a post"),
    "rows_most": ("trop de lignes", "too many rows"),
    "files_most": ("trop de fichiers", "too many files"),
    "posts_most": ("trop de publications", "too many posts"),
}
"""Why a file or a row was left out: French, English."""


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
