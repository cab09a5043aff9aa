"""One post, three counts: what the feed brought it, what ads did, and what ads earned it in the feed.

The same for its creator, the operator, and an advertiser, who reads the ads of their own: a door, because campaigns are
management's, counters and lift measurement's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attise.management.campaigns.owners import advertiser_of_campaign
from attise.measurement.attribution.queries import list_ad_hours
from attise.measurement.counters.queries import list_every_hour
from attise.measurement.lift.acts import SIGNALS
from attise.measurement.lift.arms import Floats
from attise.measurement.lift.campaign import organic_of
from attise.measurement.lift.counting import Alike, Earned, alike, together
from attise.measurement.lift.queries import Experiment, campaigns_of_post, find_experiment, list_acts, list_people
from attise.measurement.lift.study import study
from attise.records.terms import PPM

ORGANIC, PAID, SHOWN, HELD = "organic", "paid", "shown", "held_out"
COLUMNS = ("row", "part", "hour", "campaign_id", "holdout_ppm", "viewers", *SIGNALS)
"""Of an export: ``hour`` rows are what was counted in an hour, ``viewers`` rows people of an arm who did the same."""


@dataclass(frozen=True, slots=True)
class SignalCounted:
    """One signal of a post."""

    signal: str
    organic: int
    paid: int
    earned: Earned | None
    """Of the organic ones, those that ads brought; None: no campaign with a holdout says anything yet."""


@dataclass(frozen=True, slots=True)
class PostCounted:
    """The counts of a post, as one reader sees them."""

    signals: list[SignalCounted]
    campaigns: int
    """Campaigns with a holdout that showed it."""


class FactRow(NamedTuple):
    """A row of an export, in the order of ``COLUMNS``; what does not apply is None."""

    row: str
    part: str
    hour_ms: int | None
    campaign_id: int | None
    holdout_ppm: int | None
    viewers: int | None
    counts: tuple[int, ...]


class Compared(NamedTuple):
    """The people of one campaign, and what they did on one post in the feed: float64[people] by signal."""

    experiment: Experiment
    is_held: NDArray[np.bool_]
    organic: dict[str, Floats]


def count_post(post_id: int, *, advertiser_id: int | None = None) -> PostCounted:
    """Return the counts of a post; of an advertiser, with the ads of theirs alone.

    Cost: a row for each hour of the post, and for each person who is compared on it.
    """
    sums: dict[str, list[int]] = {ORGANIC: [0] * len(SIGNALS), PAID: [0] * len(SIGNALS)}
    for row in _hours(post_id, advertiser_id):
        sums[row.part] = [before + more for before, more in zip(sums[row.part], row.counts, strict=True)]
    compared = list(_compared(post_id, advertiser_id))
    earned = {
        name: together(
            study(one.organic[name], one.is_held, held_part=one.experiment.holdout_ppm / PPM) for one in compared
        )
        for name in SIGNALS
    }
    return PostCounted(
        [
            SignalCounted(name, sums[ORGANIC][place], sums[PAID][place], earned[name])
            for place, name in enumerate(SIGNALS)
        ],
        len(compared),
    )


def facts_of(post_id: int, *, advertiser_id: int | None = None) -> Iterator[FactRow]:
    """Yield what the counts of a post are counted from: hours, and people by what they did; no name is in it."""
    yield from _hours(post_id, advertiser_id)
    for one in _compared(post_id, advertiser_id):
        share = one.experiment
        for row in alike(share.campaign_id, share.holdout_ppm, one.is_held, one.organic):
            yield _people(row)


def _hours(post_id: int, advertiser_id: int | None) -> Iterator[FactRow]:
    for hour_ms, is_paid, counts in list_every_hour(post_id, SIGNALS):
        if not is_paid or advertiser_id is None:
            yield FactRow("hour", PAID if is_paid else ORGANIC, hour_ms, None, None, None, counts)
    if advertiser_id is not None:
        for hour_ms, counts in list_ad_hours(post_id, advertiser_id=advertiser_id, signals=SIGNALS):
            yield FactRow("hour", PAID, hour_ms, None, None, None, counts)


def _compared(post_id: int, advertiser_id: int | None) -> Iterator[Compared]:
    """Yield the campaigns with a holdout that showed a post, with their people and what these did on it in the feed."""
    for campaign_id in campaigns_of_post(post_id):
        if advertiser_id is not None and advertiser_of_campaign(campaign_id) != advertiser_id:
            continue
        found = find_experiment(campaign_id, 0)
        if found is None:
            continue
        people = list_people(campaign_id, found.holdout_ppm)
        organic = organic_of(people, [one for one in list_acts(campaign_id) if one.post_id == post_id])
        yield Compared(found, np.array([one.is_held for one in people], bool), organic)


def _people(row: Alike) -> FactRow:
    part = HELD if row.is_held else SHOWN
    return FactRow("viewers", part, None, row.campaign_id, row.holdout_ppm, row.viewers, row.did)
