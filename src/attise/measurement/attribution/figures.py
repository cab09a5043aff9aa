"""What ads came to in a span of hours, for those who pay for them: spend, what was seen, and what it brought.

An hour is that of the decision for money and conversions alike: so a cost is of the same ads as what it is divided by,
and what converts tomorrow counts today. What viewers do with the ad itself counts when they do it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Sum

from attise.measurement.attribution.models import Ad, AdEvent, AdHour
from attise.records.goals import COUNTS

CART: Final = "ON_WEB_CART"
BY: Final = {"campaign": "campaign_id", "adgroup": "adgroup_id", "ad": "ad_id"}
"""The columns by which figures may be summed up, by level of the tree."""
DONE: Final = ("likes", "comments", "shares", "saves", "follows")
"""What viewers did on an ad; of a Spark Ad it was done on the original post."""
_HOURS: Final = {"goal_views": ("charged", "free")}
"""What hours of ads hold under other names than facts: views long enough to be paid for, whether or not they were."""
SOUGHT: Final = {goal: _HOURS.get(column, (column,)) for goal, column in COUNTS.items()}
"""By goal, the counts that are its results where those are neither conversions nor acts."""
SEEN: Final = ("impressions", "views", "views_6s", "completions", "clicks", *DONE, "spent_micros")
"""What is counted of an hour of an ad, as figures tell it."""


@dataclass(slots=True)
class EventFigures:
    """Conversions of one kind, or acts of viewers that are results."""

    conversions: int = 0
    results: int = 0
    value_micros: int = 0


@dataclass(slots=True, eq=False)
class Figures:
    """What one object came to. Micros are of ``currency``."""

    currency: str = ""
    spent_micros: int = 0
    impressions: int = 0
    views: int = 0
    views_6s: int = 0
    completions: int = 0
    clicks: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    saves: int = 0
    follows: int = 0
    results: int = 0
    """What the ad groups are there for: what was seen or clicked (``SOUGHT``), else conversions and acts of viewers."""
    by_kind: dict[str, EventFigures] = field(default_factory=dict)
    """By kind of ``records.web_events``, or ``OTHER``; by act of ``records.event.RESULTS``."""

    @property
    def conversions(self) -> int:
        """Conversions and acts that the ad groups are there for, or that sell something where they are for less."""
        return sum(one.results for one in self.by_kind.values())

    @property
    def value_micros(self) -> int:
        """What the kinds among which results are are worth."""
        return sum(one.value_micros for one in self.by_kind.values() if one.results)

    @property
    def carts(self) -> int:
        """Conversions that put something into a cart."""
        return self.by_kind.get(CART, EventFigures()).conversions

    @property
    def cost_per_result_micros(self) -> int | None:
        """What one result cost, to the nearest micro; None: there was none."""
        return _per(self.spent_micros, self.results)

    @property
    def cost_per_cart_micros(self) -> int | None:
        """What putting something into a cart once cost, likewise."""
        return _per(self.spent_micros, self.carts)

    def cost_of(self, kind: str) -> int | None:
        """Return what one conversion of a kind cost, likewise."""
        return _per(self.spent_micros, self.by_kind.get(kind, EventFigures()).conversions)

    def add_seen(self, row: Mapping[str, Any], goal: str) -> None:
        """Add the sums of hours of ads with one goal, as ``sums_of_hours`` names them."""
        for name in SEEN:
            setattr(self, name, getattr(self, name) + int(row[f"sum_{name}"]))
        self.results += sum(int(row[f"sum_{name}"]) for name in SOUGHT.get(goal, ()))

    def add_kind(self, row: Mapping[str, Any], goal: str) -> None:
        """Add the sums of conversions of one kind, as ``sums_of_events`` names them."""
        if goal not in SOUGHT:
            self.results += int(row["wanted"])
        one = self.by_kind.setdefault(row["kind"], EventFigures())
        one.conversions += int(row["many"])
        one.results += int(row["wanted"])
        one.value_micros += int(row["worth"])


NO_FIGURES: Final = Figures()
"""Of what nothing was counted of; nobody changes it."""


def together(currency: str, parts: Iterable[Figures]) -> Figures:
    """Return the sum of figures of one currency."""
    whole = Figures(currency)
    for one in parts:
        for name in SEEN:
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.results += one.results
        for kind, told in one.by_kind.items():
            sums = whole.by_kind.setdefault(kind, EventFigures())
            sums.conversions += told.conversions
            sums.results += told.results
            sums.value_micros += told.value_micros
    return whole


def sums_of_hours() -> dict[str, Sum]:
    """Return the sums that ``Figures.add_seen`` takes."""
    return {f"sum_{name}": Sum(name) for name in dict.fromkeys((*SEEN, *itertools.chain(*SOUGHT.values())))}


def sums_of_events() -> dict[str, Sum]:
    """Return the sums that ``Figures.add_kind`` takes."""
    return {"many": Sum("conversions"), "wanted": Sum("results"), "worth": Sum("value_micros")}


def list_figures(
    advertiser_id: int, *, level: str, ids: Collection[int], from_ms: int, to_ms: int
) -> dict[int, Figures]:
    """Return what an advertiser's campaigns, ad groups or ads came to in a span of whole hours (world time), by id.

    None of those of which nothing was counted. Invariants: ``level`` is one of ``BY``. Cost: three statements; rows by
    ads that had something in the span.
    """
    of_ad: dict[int, tuple[int, str, str]] = {}
    mine = Ad.objects.filter(advertiser_id=advertiser_id, **{f"{BY[level]}__in": list(ids)})
    for ad_id, above, currency, goal in mine.values_list("ad_id", BY[level], "currency", "goal"):
        of_ad[ad_id] = (above, currency, goal)
    found: dict[int, Figures] = {}
    if not of_ad:
        return found
    span: dict[str, Any] = {"ad_id__in": mine.values("ad_id"), "hour_ms__gte": from_ms, "hour_ms__lt": to_ms}
    for row in AdHour.objects.filter(**span).values("ad_id").annotate(**sums_of_hours()).order_by():
        above, currency, goal = of_ad[row["ad_id"]]
        found.setdefault(above, Figures(currency)).add_seen(row, goal)
    for row in AdEvent.objects.filter(**span).values("ad_id", "kind").annotate(**sums_of_events()).order_by():
        above, currency, goal = of_ad[row["ad_id"]]
        found.setdefault(above, Figures(currency)).add_kind(row, goal)
    return found


def list_spent() -> dict[tuple[int, int], int]:
    """Return the micros that every ad was charged, by ad and hour of the decision. Cost: one pass over hours."""
    rows = AdHour.objects.values_list("ad_id", "hour_ms", "spent_micros")
    return {(ad_id, hour_ms): micros for ad_id, hour_ms, micros in rows}


def list_signals(names: Sequence[str]) -> dict[int, list[int]]:
    """Return how often some signals were counted of every ad, by ad. Cost: one pass over hours."""
    rows = AdHour.objects.values("ad_id").annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by("ad_id")
    return {row["ad_id"]: [int(row[f"sum_{name}"]) for name in names] for row in rows}


def _per(micros: int, many: int) -> int | None:
    return None if many <= 0 else (micros + many // 2) // many
