"""Read every look-up table at a moment of one's choosing.

Place: called once at the start of a process that must not read files later.
"""

from __future__ import annotations

from typing import Any, Final

from attise.records.lookups import (
    behaviours,
    call_to_actions,
    categories,
    currencies,
    interests,
    languages,
    regions,
)
from attise.records.lookups.table import Table

TABLES: Final[tuple[Table[Any], ...]] = (
    interests.TABLE,
    behaviours.TABLE,
    regions.TABLE,
    languages.TABLE,
    currencies.TABLE,
    categories.TABLE,
    call_to_actions.TABLE,
)


def load_all() -> None:
    """Read the tables that were not read yet. Cost: seven small files, once a process."""
    for table in TABLES:
        table.load()
