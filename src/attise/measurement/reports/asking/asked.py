"""A report that is asked for, and what is refused of it. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from attise.kernel.errors import Refusal, Refusals
from attise.measurement.reports.asking.dimensions import (
    COUNTRY,
    DAY,
    HOUR,
    IDS,
    LEVELS,
    OF_TYPE,
    TIMES,
    WITHOUT_ROWS,
    knows_people,
)
from attise.measurement.reports.asking.metrics import METRICS
from attise.measurement.reports.errors import (
    DIMENSION_UNKNOWN,
    LEVEL_MISMATCH,
    METRIC_UNKNOWN,
    ORDER_IMPOSSIBLE,
    PAIR_IMPOSSIBLE,
    SPAN_BACKWARDS,
    SPAN_LONG,
    SPAN_MISSING,
)

DAYS_BY_HOUR, DAYS_BY_DAY, DAYS_MOST = 1, 30, 365
"""Days of a report by the hour, by the day, and of one that is told by neither."""
_WORD: Final = re.compile(r"[a-z][a-z0-9_]*")
NAMED_AT_ONCE: Final = 5
"""Unknown names that are told at once."""
SHOWN_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. Days are of the advertiser's calendar, or of UTC's with ``in_utc``; both are meant."""

    report_type: str = "BASIC"
    level: str
    """One of ``LEVELS``."""
    advertiser_ids: tuple[int, ...]
    """Whose rows alone are told, whatever else is asked."""
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...] = ("spend", "impressions")
    first: dt.date | None = None
    last: dt.date | None = None
    is_lifetime: bool = False
    in_utc: bool = False
    among: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Identifiers that rows have to be of, by column."""
    without: Mapping[str, frozenset[int]] = field(default_factory=dict)
    countries: frozenset[str] | None = None
    """ISO codes of two letters."""
    order: str = ""
    """A dimension or a metric; empty: by dimensions."""
    is_rising: bool = False
    with_totals: bool = False
    by_day_most: int = DAYS_BY_DAY
    """How many days are told by the day at once."""

    @property
    def is_by_people(self) -> bool:
        """Whether it is about who was reached."""
        return self.countries is not None or any(knows_people(name) for name in self.dimensions)

    @property
    def is_always_empty(self) -> bool:
        """Whether it is about a product that is left out here."""
        return self.report_type in WITHOUT_ROWS

    @property
    def ids(self) -> tuple[str, ...]:
        """The identifiers among its dimensions."""
        return tuple(name for name in self.dimensions if name in IDS)


def check(asked: Asked) -> None:
    """Refuse what cannot be told. Raises: Refusals of all that is wrong, each naming its field. Cost: no query.

    Invariants: ``level`` is one of ``LEVELS``, ``report_type`` one of ``OF_TYPE``.
    """
    found = [*_of_names(asked), *_of_level(asked), *_of_pairs(asked), *_of_span(asked), *_of_order(asked)]
    if found:
        raise Refusals(found)


def _of_names(asked: Asked) -> Iterator[Refusal]:
    allowed = OF_TYPE[asked.report_type]
    for name in _some(name for name in asked.dimensions if name not in allowed):
        yield Refusal(DIMENSION_UNKNOWN, field="dimensions", name=shown(name), choices=", ".join(allowed))
    # What is counted of other products alone is not known here; a name is a word all the same.
    unknown = (name for name in asked.metrics if name not in METRICS)
    for name in _some(name for name in unknown if not (asked.is_always_empty and _WORD.fullmatch(name))):
        yield Refusal(METRIC_UNKNOWN, field="metrics", name=shown(name))


def _of_level(asked: Asked) -> Iterator[Refusal]:
    if asked.is_always_empty:
        return
    fits = LEVELS[asked.level]
    deepest = max(asked.ids, key=IDS.index, default=None)
    if deepest is not None and deepest != fits:
        yield Refusal(LEVEL_MISMATCH, field="dimensions", name=deepest, level=asked.level, fits=fits)


def _of_pairs(asked: Asked) -> Iterator[Refusal]:
    names = set(asked.dimensions)
    if len(names) < len(asked.dimensions):
        twice = next(name for name in asked.dimensions if asked.dimensions.count(name) > 1)
        yield _pair("dimensions", shown(twice), shown(twice))
    if names.issuperset(TIMES):
        yield _pair("dimensions", DAY, HOUR)
    if HOUR in names and asked.is_by_people:
        yield _pair("dimensions", HOUR, next((name for name in asked.dimensions if knows_people(name)), COUNTRY))
    if asked.in_utc and asked.is_by_people:
        yield _pair("dimensions", next((name for name in asked.dimensions if knows_people(name)), COUNTRY), "UTC")
    if asked.is_lifetime:
        clashing = [name for name in asked.dimensions if name in (*TIMES, COUNTRY)]
        if asked.report_type not in ("BASIC", "PLAYABLE_MATERIAL"):
            yield _pair("query_lifetime", "query_lifetime", f"report_type {asked.report_type}")
        elif clashing:
            yield _pair("query_lifetime", "query_lifetime", clashing[0])
    if asked.with_totals and (len(asked.ids) != 1 or not names <= {*IDS, DAY}):
        yield _pair("enable_total_metrics", "enable_total_metrics", ", ".join(map(shown, asked.dimensions)))


def _of_span(asked: Asked) -> Iterator[Refusal]:
    if asked.is_lifetime:
        return
    if asked.first is None or asked.last is None:
        yield Refusal(SPAN_MISSING, field="start_date" if asked.first is None else "end_date")
        return
    if asked.last < asked.first:
        yield Refusal(SPAN_BACKWARDS, field="end_date")
        return
    days = (asked.last - asked.first).days + 1
    spans = {HOUR: DAYS_BY_HOUR, DAY: asked.by_day_most}
    most = next((most for name, most in spans.items() if name in asked.dimensions), DAYS_MOST)
    if days > most:
        yield Refusal(SPAN_LONG, field="end_date", most=most, by_day=asked.by_day_most)


def _of_order(asked: Asked) -> Iterator[Refusal]:
    name = asked.order
    if not name or name in asked.dimensions or (asked.is_always_empty and name in asked.metrics):
        return
    metric = METRICS.get(name)
    if metric is None or not metric.is_number or name not in asked.metrics:
        yield Refusal(ORDER_IMPOSSIBLE, field="order_field", name=shown(name))


def _pair(at: str, one: str, other: str) -> Refusal:
    return Refusal(PAIR_IMPOSSIBLE, field=at, one=one, other=other)


def _some(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))[:NAMED_AT_ONCE]


def shown(name: str) -> str:
    """Return a name as a refusal repeats it: cut where it is long."""
    return name if len(name) <= SHOWN_CHARACTERS else f"{name[:SHOWN_CHARACTERS]}…"
