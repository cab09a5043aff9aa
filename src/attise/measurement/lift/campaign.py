"""What a campaign changed: those for whom its ad won beside those for whom it would have, since it did first. Pure.

Both arms are chosen by the same contest, so they differ in nothing but what was shown: *ghost ads*. Compared is who did
a thing at least once, through an ad or in the feed, and what was done in the feed alone, which is what an ad *earned*.
Somebody for whom an ad won and who left before it was on screen is of the arm too: of those held out it cannot be known
either. Source: Johnson, Lewis, Nubbemeyer (2017), *Ghost Ads*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.money import MICROS
from attise.measurement.lift.acts import SIGNALS
from attise.measurement.lift.arms import Floats
from attise.measurement.lift.planning import detectable, spread_of_rate
from attise.measurement.lift.queries import ActView, PersonView
from attise.measurement.lift.study import Study, study
from attise.measurement.reports.compared import Brought
from attise.records.terms import PPM

PLANNED_PPM: Final = (50_000, 100_000, 200_000, 500_000)
"""Shares for which it is said beforehand what could be told."""
USUAL_RATE: Final = 0.01
"""How many of those reached do a thing, where nothing is known yet."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is compared, one place for each; what they did is float64[n] by signal, net of what was taken back."""

    is_held: NDArray[np.bool_]
    organic: Mapping[str, Floats]
    """In the feed, since the ad won first, or would have."""
    paid: Mapping[str, Floats]
    """Through ads."""
    is_seen: NDArray[np.bool_]
    """Whether the campaign's ad was on screen."""
    spent: Floats
    """On them by the campaign, in whole units of its currency."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a campaign changed of one signal."""

    signal: str
    did: Study
    """Of who did it at least once, through an ad or in the feed."""
    earned: Study
    """Of how often it was done in the feed."""


def people_of(people: Sequence[PersonView], acts: Sequence[ActView], brought: Brought) -> People:
    """Return who is compared with what they did; acts of before their ad won first are left out.

    Cost: some 2 µs a person and act.
    """
    count = len(people)
    places = {one.person: place for place, one in enumerate(people)}
    organic = organic_of(people, acts)
    rows = np.array([place for place, one in enumerate(brought.people) if one in places], np.int64)
    at = np.array([places[one] for one in brought.people if one in places], np.int64)
    paid = {name: np.zeros(count) for name in SIGNALS}
    spent, impressions = np.zeros(count), np.zeros(count)
    if len(rows):
        for name in SIGNALS:
            paid[name][at] = brought.signals[name][rows]
        impressions[at] = brought.impressions[rows]
        spent[at] = brought.charged_micros[rows] / MICROS
    is_held = np.array([one.is_held for one in people], bool)
    return People(is_held, organic, paid, impressions > 0, spent)


def organic_of(people: Sequence[PersonView], acts: Sequence[ActView]) -> dict[str, Floats]:
    """Return what people did in the feed since their ad won first, by signal: float64[people] each."""
    places = {one.person: place for place, one in enumerate(people)}
    found = {name: np.zeros(len(people)) for name in SIGNALS}
    for act in acts:
        place = places.get(act.person)
        if place is not None and act.signal in found and act.at_ms >= people[place].first_at_ms:
            found[act.signal][place] += act.step
    return found


def effects_of(people: People, *, held_part: float) -> list[Effect]:
    """Return what a campaign changed, signal by signal. ``held_part``: that was to be held out, 0..1."""
    found = []
    for name in SIGNALS:
        did = (people.organic[name] + people.paid[name] > 0).astype(np.float64)
        found.append(
            Effect(
                name,
                study(did, people.is_held, held_part=held_part, money=people.spent),
                study(people.organic[name], people.is_held, held_part=held_part),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What a share that is held out could tell of so many viewers, before it is."""

    holdout_ppm: int
    viewers: int
    rate: float
    """How many of them do the thing, 0..1."""
    effect: float
    """The least difference of rates that would be seen four times of five; infinite where an arm has nobody."""


def plans(viewers: int, rate: float) -> list[Plan]:
    """Return what each of some shares could tell of ``viewers`` people reached, of whom a part does something."""
    spread = spread_of_rate(min(max(rate, 0.0), 1.0))
    return [
        Plan(ppm, viewers, rate, detectable(spread, first=viewers * (1 - ppm / PPM), second=viewers * ppm / PPM))
        for ppm in PLANNED_PPM
    ]
