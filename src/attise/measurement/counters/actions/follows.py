"""Follows reach viewers' records: who was turned on or off is listed until somebody has told the record.

This floor knows no viewer. Whoever may know both lists, tells in the order of the list, and then has it forgotten; a
crash in between tells once more, which does no harm: each entry says how it stands, not what changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from attise.measurement.counters.models import Followed


@dataclass(frozen=True, slots=True)
class FollowedView:
    """Who follows whom, or no more."""

    id: int
    person: str
    """A pseudonym."""
    creator_id: int
    is_on: bool


def list_followed(limit: int) -> list[FollowedView]:
    """Return up to ``limit`` entries, oldest first. Cost: one statement."""
    rows = Followed.objects.order_by("id").values_list("id", "person", "creator_id", "is_on")
    return [FollowedView(*row) for row in rows[:limit]]


def forget_followed(ids: Iterable[int]) -> None:
    """Take entries away that were told. Cost: one statement."""
    Followed.objects.filter(id__in=list(ids)).delete()
