"""What follows from the facts of a campaign. Pure."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.measurement.advice.facts import Budgeted, Facts, Shown

MOST: Final = 5
WHOLE_DAYS: Final = 3
"""Days in a row that say something of a budget."""
FULL_PERCENT: Final = 95
"""Of its budget that a day spends which is held back by it."""
SLOW_PERCENT: Final = 50
"""Of its budget that a day does not spend which is held back by its bid."""
RAISE_PERCENT: Final = 20
"""By how much a budget is raised at once: more would have its ad group learn anew."""
ENDING_DAYS: Final = 7
TIRED_IMPRESSIONS: Final = 1_000
"""In each of two weeks, below which a share of completed views says too little."""
TIRED_PERCENT: Final = 20
"""By how much it has fallen, at least."""
TIRED_DEVIATIONS: Final = 3.0
"""By how many standard errors, at least: chance alone does it once in seven hundred."""
COSTLY_TIMES: Final = 3
"""What an ad without a result spent, in costs of a result of the others: chance alone does it once in twenty."""
COSTLY_RESULTS: Final = 10
"""Results of the others below which their cost says too little."""


class Kind(enum.StrEnum):
    """What is advised, the gravest first."""

    RENEW_GRANT = "renew_grant"
    """Nothing to do here: its creator extends it, or gives another code."""
    PAUSE_COSTLY = "pause_costly"
    PAUSE_TIRED = "pause_tired"
    RAISE_BID = "raise_bid"
    RAISE_BUDGET = "raise_budget"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. ``figure`` and ``beside`` are what it rests on, as its kind says.

    ``renew_grant``: when the grant ends, and when its ad group does (ms, 0: never) · ``pause_costly``: micros that the
    ad spent in a week without a result, and what one costs the others · ``pause_tired``: completed views per million
    impressions of this week, and of the week before · ``raise_bid``: the bid, and the usual one · ``raise_budget``:
    micros spent on the last three whole days, and three budgets.
    """

    kind: Kind
    level: str
    id: int
    figure: int
    beside: int
    to_micros: int | None = None
    """What its budget or its bid becomes."""

    @property
    def key(self) -> str:
        """What names it: the same until it is done, or its facts change what it says to do."""
        said = "" if self.to_micros is None else f".{self.to_micros}"
        return f"{self.kind}.{self.id}{said}"


def advise(facts: Facts) -> list[Advice]:
    """Return what is worth doing, the gravest first, ``MOST`` at most."""
    found = [*_of_grants(facts), *_of_ads(facts), *_of_budgets(facts)]
    order = list(Kind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.id))[:MOST]


def _of_grants(facts: Facts) -> Iterator[Advice]:
    for one in facts.shown:
        ends = one.grant_ends_at_ms
        if ends is None or not facts.now_ms < ends <= facts.now_ms + ENDING_DAYS * DAY_MS:
            continue
        if one.runs_until_ms is None or one.runs_until_ms > ends:
            yield Advice(Kind.RENEW_GRANT, "ad", one.id, ends, one.runs_until_ms or 0)


def _of_ads(facts: Facts) -> Iterator[Advice]:
    """Yield the ads to pause: never the last one of its ad group."""
    left = {one.adgroup_id: 0 for one in facts.shown}
    for one in facts.shown:
        left[one.adgroup_id] += 1
    for one in sorted(facts.shown, key=lambda one: (-one.week.spent_micros, one.id)):
        if left[one.adgroup_id] < 2:  # noqa: PLR2004 - there is another
            continue
        found = _costly(facts, one) or _tired(one)
        if found is not None:
            left[one.adgroup_id] -= 1
            yield found


def _costly(facts: Facts, one: Shown) -> Advice | None:
    """Return what to do about an ad that cost three results of the others, and brought none."""
    others = [other.week for other in facts.shown if other.adgroup_id == one.adgroup_id and other is not one]
    results = sum(other.results for other in others)
    if one.week.results or results < COSTLY_RESULTS:
        return None
    each = sum(other.spent_micros for other in others) // results
    if not each or one.week.spent_micros < COSTLY_TIMES * each:
        return None
    return Advice(Kind.PAUSE_COSTLY, "ad", one.id, one.week.spent_micros, each)


def _tired(one: Shown) -> Advice | None:
    """Return what to do about an ad that far fewer watch to the end than in the week before, beyond chance."""
    week, before = one.week, one.before
    if min(week.impressions, before.impressions) < TIRED_IMPRESSIONS:
        return None
    now, was = week.completions / week.impressions, before.completions / before.impressions
    if now * 100 > was * (100 - TIRED_PERCENT):
        return None
    share = (week.completions + before.completions) / (week.impressions + before.impressions)
    error = math.sqrt(share * (1 - share) * (1 / week.impressions + 1 / before.impressions))
    if not error or (was - now) / error < TIRED_DEVIATIONS:
        return None
    return Advice(Kind.PAUSE_TIRED, "ad", one.id, round(now * 1_000_000), round(was * 1_000_000))


def _of_budgets(facts: Facts) -> Iterator[Advice]:
    for one in facts.budgeted:
        if one.budget_micros is None or len(one.spent_micros) < WHOLE_DAYS:
            continue
        if all(spent * 100 >= FULL_PERCENT * one.budget_micros for spent in one.spent_micros):
            yield _raised(one, one.budget_micros, facts.unit_micros)
        elif _bids_low(one, one.budget_micros):
            assert one.bid_micros is not None
            assert one.usual_bid_micros is not None
            usual = one.usual_bid_micros
            yield Advice(Kind.RAISE_BID, one.level, one.id, one.bid_micros, usual, usual)


def _raised(one: Budgeted, budget: int, unit: int) -> Advice:
    more = budget * (100 + RAISE_PERCENT)
    to = -(-more // (100 * unit)) * unit
    return Advice(Kind.RAISE_BUDGET, one.level, one.id, sum(one.spent_micros), WHOLE_DAYS * budget, to)


def _bids_low(one: Budgeted, budget: int) -> bool:
    """Tell whether a bid below the usual leaves a budget unspent."""
    if one.bid_micros is None or one.usual_bid_micros is None or one.bid_micros >= one.usual_bid_micros:
        return False
    return all(spent * 100 < SLOW_PERCENT * budget for spent in one.spent_micros)
