"""What a viewer wants to see no more: single ads, or everything of an advertiser. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from attise.kernel.limits import HIDDEN_ADS


class Entry(NamedTuple):
    """One ad, or all of them, of one advertiser; kept as a row of three."""

    advertiser_id: int
    ad_id: int
    """0: every ad of theirs."""
    since_ms: int
    """World time."""


@dataclass(frozen=True, slots=True)
class HiddenBrand:
    """An advertiser of whom a viewer hid something."""

    advertiser_id: int
    ads: int
    """How many single ads; 0 where all of them are hidden."""
    since_ms: int
    """World time of the first."""

    @property
    def is_whole(self) -> bool:
        """Whether every ad of theirs is hidden."""
        return self.ads == 0


def with_hidden(rows: Iterable[Entry], entry: Entry) -> list[Entry]:
    """Return rows with one more; the oldest of more than ``HIDDEN_ADS`` goes. What is hidden already stays as it is."""
    kept = list(rows)
    mine = {row.ad_id for row in kept if row.advertiser_id == entry.advertiser_id}
    if 0 in mine or entry.ad_id in mine:
        return kept
    if entry.ad_id == 0:
        kept = without_brand(kept, entry.advertiser_id)
    return [*kept, entry][-HIDDEN_ADS:]


def without_brand(rows: Iterable[Entry], advertiser_id: int) -> list[Entry]:
    """Return rows without what is of an advertiser."""
    return [row for row in rows if row.advertiser_id != advertiser_id]


def brands_of(rows: Iterable[Entry]) -> tuple[HiddenBrand, ...]:
    """Return the advertisers of rows, the latest hidden first."""
    found: dict[int, list[Entry]] = {}
    for row in rows:
        found.setdefault(row.advertiser_id, []).append(row)
    brands = [
        HiddenBrand(one, sum(row.ad_id != 0 for row in mine), min(row.since_ms for row in mine))
        for one, mine in found.items()
    ]
    return tuple(reversed(brands))
