"""Cells of files for spreadsheets: none is ever taken for a formula."""

from __future__ import annotations

import re

_BELOW_ZERO = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")
BEGINS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def safe(cell: str) -> str:
    """Return a cell as a spreadsheet shows it and never computes it: one that begins a formula gets a quote mark.

    A plain number below zero is none: it stays a number.
    """
    return f"'{cell}" if begins_a_formula(cell) else cell


def begins_a_formula(cell: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula."""
    if _BELOW_ZERO.fullmatch(cell):
        return False
    return cell.lstrip(" \u00a0")[:1] in BEGINS_A_FORMULA and bool(cell.strip())
