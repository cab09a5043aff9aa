"""What a campaign, an ad group or an ad came to: tiles, chart and card of its page, over the days that are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.functional import Promise

from attise.doors.consoles import periods, words
from attise.doors.consoles.advertiser import course, measures
from attise.doors.consoles.advertiser.tree import rows as shown
from attise.doors.consoles.advertiser.tree.rows import Row
from attise.doors.consoles.visit import AdvertiserVisit
from attise.measurement.attribution.figures import Figures
from attise.measurement.attribution.overview import get_overview
from attise.measurement.counters.spans import span_of


class Told(NamedTuple):
    """Conversions or acts of one kind, as a line of the card."""

    name: Promise
    is_result: bool
    """Whether the ad groups are there for them."""
    conversions: int
    value_micros: int
    cost_micros: int | None


def asked(visit: AdvertiserVisit) -> str:
    """Return the word of the period that an address asks for."""
    return periods.read(visit.request.GET.get("periode", ""))


def of(visit: AdvertiserVisit, row: Row) -> dict[str, Any]:
    """Return what the page shows: tiles and a chart where the period has days before it, and what it brought."""
    period = asked(visit)
    measure = measures.read(visit.request.GET.get(measures.PARAM, ""))
    drawn = _since_ever(visit, row) if period == periods.SINCE_EVER else _drawn(visit, row, period, measure)
    return {
        **drawn,
        "currency": visit.advertiser.currency,
        "told_events": _told(drawn["figures"]),
        "period": periods.PERIODS[period].label,
        "periods": [(_address(key, measure), one.label, key == period) for key, one in periods.PERIODS.items()],
    }


def _drawn(visit: AdvertiserVisit, row: Row, period: str, measure: str) -> dict[str, Any]:
    """Return the figures of some days, with their course."""
    zone = visit.advertiser.timezone
    told = get_overview(
        visit.advertiser.id,
        currency=visit.advertiser.currency,
        span=span_of(zone, visit.means.clock.world_ms(), periods.PERIODS[period].days),
        level=row.level.value,
        object_id=row.id,
    )
    return {
        "figures": told.now,
        "most_spent_on": [post_id for post_id, _figures in told.posts],
        "tiles": course.tiles(told, measure, lambda word: _address(period, word)),
        "chart": course.chart(told, measure, zone) if told.now.impressions or told.now.spent_micros else None,
    }


def _since_ever(visit: AdvertiserVisit, row: Row) -> dict[str, Any]:
    """Return the figures since the beginning, which have no course."""
    figures = shown.with_figures(visit, row.level, [row], periods.SINCE_EVER)[0].figures
    counted = replace(figures, currency=visit.advertiser.currency)
    return {"figures": counted, "most_spent_on": [], "tiles": course.plain_tiles(counted), "chart": None}


def _address(period: str, measure: str) -> str:
    return f"?{urlencode({periods.PARAM: period, measures.PARAM: measure})}#resultats"


def _told(figures: Figures) -> list[Told]:
    """Return a line for each kind that happened, in the order in which people come to buy, results first."""
    lines = [
        Told(name, one.results > 0, one.conversions, one.value_micros, figures.cost_of(kind))
        for kind, name in (words.ACTS | words.EVENTS).items()
        if (one := figures.by_kind.get(kind)) is not None and one.conversions
    ]
    return sorted(lines, key=lambda one: not one.is_result)
