"""Interests: what a viewer may like to watch, and an advertiser may target.

Place: `management/viewers` stores ids of these rows, targeting and profiles compare them,
doors list them. Owns: `data/interests.csv`, two levels; a choice of level 1 covers its level 2.

Invariants: no row tells of health, religion, politics, sexual orientation, union membership
or ethnic origin, nor stands in for one of them; such segments cannot be targeted at all.
Level 1 ids have four digits (1001...), level 2 ids are their parent's followed by two more.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from attise.records.lookups.table import Tree


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """One interest; `level` 1 has no parent, `level` 2 has one of level 1."""

    id: int
    slug: str
    level: Literal[1, 2]
    parent_id: int | None = None
    name_fr: str
    name_en: str

    @property
    def wire_id(self) -> str:
        """The id as it leaves the process: decimal text."""
        return str(self.id)


TABLE = Tree("interests.csv", Interest, lambda row: (row.slug, row.wire_id))


def all() -> tuple[Interest, ...]:  # noqa: A001 - read as `interests.all()`
    """Return every interest, parents before their children."""
    return TABLE.rows


def get(interest_id: int) -> Interest:
    """Return the interest of this id. Raises: KeyError when there is none."""
    return TABLE.by_id[interest_id]


def find(text: str) -> Interest | None:
    """Return the interest whose slug or decimal id is exactly `text`, or None."""
    return TABLE.find(text)


def children(interest_id: int) -> tuple[Interest, ...]:
    """Return the level 2 interests under this one; empty for a leaf or an unknown id."""
    return TABLE.children(interest_id)


def chain(interest_id: int) -> tuple[Interest, ...]:
    """Return the interest, then its parent if it has one; empty for an unknown id."""
    return TABLE.chain(interest_id)
