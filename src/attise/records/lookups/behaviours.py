"""Behaviours: what a viewer did lately with videos, creators and hashtags.

Place: profiles derive them from events (with consent), targeting compares them, doors list
them. Owns: `data/behaviours.csv`, two levels; a choice of level 1 covers its level 2.

Each level 2 row says with `about_id` which interest the watched videos, followed creators or
opened hashtags belong to, so that what is targeted is what is measured and nothing else.

Invariants: the same exclusions as `interests`; `about_id` is an interest's id; ids share no
value with interests (level 1 from 2001, level 2 is the parent's id followed by two digits).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from attise.records.lookups.table import Tree

ActionScene = Literal["VIDEO_RELATED", "CREATOR_RELATED", "HASHTAG_RELATED"]


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """One behaviour; children keep the action scene of their parent."""

    id: int
    slug: str
    level: Literal[1, 2]
    parent_id: int | None = None
    name_fr: str
    name_en: str
    action_scene: ActionScene
    about_id: int | None = None

    @property
    def wire_id(self) -> str:
        """The id as it leaves the process: decimal text."""
        return str(self.id)


TABLE = Tree("behaviours.csv", Behaviour, lambda row: (row.slug, row.wire_id))


def all() -> tuple[Behaviour, ...]:  # noqa: A001 - read as `behaviours.all()`
    """Return every behaviour, parents before their children."""
    return TABLE.rows


def get(behaviour_id: int) -> Behaviour:
    """Return the behaviour of this id. Raises: KeyError when there is none."""
    return TABLE.by_id[behaviour_id]


def find(text: str) -> Behaviour | None:
    """Return the behaviour whose slug or decimal id is exactly `text`, or None."""
    return TABLE.find(text)


def children(behaviour_id: int) -> tuple[Behaviour, ...]:
    """Return the level 2 behaviours under this one; empty for a leaf or an unknown id."""
    return TABLE.children(behaviour_id)


def chain(behaviour_id: int) -> tuple[Behaviour, ...]:
    """Return the behaviour, then its parent if it has one; empty for an unknown id."""
    return TABLE.chain(behaviour_id)
