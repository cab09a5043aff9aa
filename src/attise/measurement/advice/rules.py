"""What follows from the facts of a campaign. Pure."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import AUDIENCE_FEW, DAY_MS
from attise.measurement.advice.facts import Aimed, Budgeted, Facts, Shown

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
USED_UP_REACHED: Final = 200
"""Viewers of three days below whom too few say anything."""
USED_UP_PERCENT: Final = 10
"""Of them new, at most, where an audience is used up."""
COSTLY_RESULTS: Final = 10
"""Results of the others below which their cost says too little."""


class Kind(enum.StrEnum):
    """What is advised, the gravest first."""

    RENEW_GRANT = "renew_grant"
    """Nothing to do here: its creator extends it, or gives another code."""
    PAUSE_COSTLY = "pause_costly"
    PAUSE_TIRED = "pause_tired"
    AUDIENCE_USED_UP = "audience_used_up"
    WIDEN_AUDIENCE = "widen_audience"
    RAISE_BID = "raise_bid"
    RAISE_BUDGET = "raise_budget"
    ADD_POST = "add_post"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do. ``figure`` and ``beside`` are what it rests on, as its kind says.

    ``renew_grant``: when the grant ends, and when its ad group does (ms, 0: never) · ``pause_costly``: micros that the
    ad spent in a week without a result, and what one costs the others · ``pause_tired``: completed views per million
    impressions of this week, and of the week before · ``raise_bid``: the bid, and the usual one · ``raise_budget``:
    micros spent on the last three whole days, and three budgets · ``widen_audience``: fewer viewers than this, and
    those without what can be left out · ``audience_used_up``: viewers newly reached in three days, of all reached in
    them · ``add_post``: the post's score, and up to when it is worth it (ms).
    """

    kind: Kind
    level: str
    id: int
    figure: int
    beside: int
    to_micros: int | None = None
    """What its budget or its bid becomes."""
    post_id: int | None = None
    """What is added."""
    is_done_here: bool = True
    """Whether its button does it; else it leads to where that is done."""

    @property
    def key(self) -> str:
        """What names it: the same until it is done, or its facts change what it says to do."""
        what = self.to_micros if self.post_id is None else self.post_id
        said = "" if what is None else f".{what}"
        return f"{self.kind}.{self.id}{said}"


def advise(facts: Facts) -> list[Advice]:
    """Return what is worth doing, the gravest first, ``MOST`` at most."""
    found = [*_of_grants(facts), *_of_ads(facts), *_of_audiences(facts), *_of_budgets(facts), *_of_posts(facts)]
    return gravest(found)


def gravest(found: Iterable[Advice]) -> list[Advice]:
    """Return the gravest of what is advised, of one campaign or of several, ``MOST`` at most.

    Of one kind: the grant that ends first, the ad that fewest watch, else the largest figure.
    """
    order = list(Kind)

    def rank(one: Advice) -> tuple[int, int, int]:
        least_first = one.kind in (Kind.RENEW_GRANT, Kind.PAUSE_TIRED)
        return order.index(one.kind), one.figure if least_first else -one.figure, one.id

    return sorted(found, key=rank)[:MOST]


def _of_grants(facts: Facts) -> Iterator[Advice]:
    for one in facts.shown:
        ends = one.grant_ends_at_ms
        if ends is None or not facts.now_ms < ends <= facts.now_ms + ENDING_DAYS * DAY_MS:
            continue
        if one.runs_until_ms is None or one.runs_until_ms > ends:
            yield Advice(Kind.RENEW_GRANT, "ad", one.id, ends, one.runs_until_ms or 0, is_done_here=False)


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


def _of_audiences(facts: Facts) -> Iterator[Advice]:
    """Yield the ad groups whose audience is too narrow, or used up while their budget is not."""
    unspent = {one.id for one in facts.budgeted if one.level == "adgroup" and leaves_most(one)}
    for one in facts.aimed:
        if one.id in unspent and _is_used_up(one):
            assert one.newly_reached is not None
            assert one.reached is not None
            yield Advice(
                Kind.AUDIENCE_USED_UP, "adgroup", one.id, one.newly_reached, one.reached, is_done_here=one.can_widen
            )
        elif one.can_widen and one.is_few and one.wider_people >= AUDIENCE_FEW:
            yield Advice(Kind.WIDEN_AUDIENCE, "adgroup", one.id, AUDIENCE_FEW, one.wider_people)


def _is_used_up(one: Aimed) -> bool:
    if one.reached is None or one.newly_reached is None or one.reached < USED_UP_REACHED:
        return False
    return one.newly_reached * 100 <= USED_UP_PERCENT * one.reached


def leaves_most(one: Budgeted) -> bool:
    """Tell whether most of a budget was left on each of its last whole days."""
    if one.budget_micros is None or len(one.spent_micros) < WHOLE_DAYS:
        return False
    return all(spent * 100 < SLOW_PERCENT * one.budget_micros for spent in one.spent_micros)


def _of_posts(facts: Facts) -> Iterator[Advice]:
    """Yield the best post of each ad group."""
    seen: set[int] = set()
    for one in sorted(facts.rising, key=lambda one: (-one.score, one.post_id)):
        if one.until_ms > facts.now_ms and one.adgroup_id not in seen:
            seen.add(one.adgroup_id)
            yield Advice(Kind.ADD_POST, "adgroup", one.adgroup_id, one.score, one.until_ms, post_id=one.post_id)


def _of_budgets(facts: Facts) -> Iterator[Advice]:
    for one in facts.budgeted:
        if one.budget_micros is None or len(one.spent_micros) < WHOLE_DAYS:
            continue
        if all(spent * 100 >= FULL_PERCENT * one.budget_micros for spent in one.spent_micros):
            yield _raised(one, one.budget_micros, facts.unit_micros)
        elif _bids_low(one):
            assert one.bid_micros is not None
            assert one.usual_bid_micros is not None
            usual = one.usual_bid_micros
            yield Advice(Kind.RAISE_BID, one.level, one.id, one.bid_micros, usual, usual)


def _raised(one: Budgeted, budget: int, unit: int) -> Advice:
    more = budget * (100 + RAISE_PERCENT)
    to = -(-more // (100 * unit)) * unit
    return Advice(Kind.RAISE_BUDGET, one.level, one.id, sum(one.spent_micros), WHOLE_DAYS * budget, to)


def _bids_low(one: Budgeted) -> bool:
    """Tell whether a bid below the usual leaves a budget unspent."""
    if one.bid_micros is None or one.usual_bid_micros is None or one.bid_micros >= one.usual_bid_micros:
        return False
    return leaves_most(one)
