"""What a campaign, an ad group or an ad came to: the card of its page, over the days that the address asks for."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.functional import Promise

from attise.doors.consoles import periods, words
from attise.doors.consoles.advertiser.tree import rows as shown
from attise.doors.consoles.advertiser.tree.rows import Row
from attise.doors.consoles.visit import AdvertiserVisit
from attise.measurement.attribution.figures import Figures


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
    """Return what the card shows."""
    period = asked(visit)
    figures = shown.with_figures(visit, row.level, [row], period)[0].figures
    return {
        "figures": figures,
        "currency": visit.advertiser.currency,
        "told_events": _told(figures),
        "period": periods.PERIODS[period].label,
        "periods": [(key, one.label, key == period) for key, one in periods.PERIODS.items()],
    }


def _told(figures: Figures) -> list[Told]:
    """Return a line for each kind that happened, in the order in which people come to buy, results first."""
    lines = [
        Told(name, one.results > 0, one.conversions, one.value_micros, figures.cost_of(kind))
        for kind, name in (words.ACTS | words.EVENTS).items()
        if (one := figures.by_kind.get(kind)) is not None and one.conversions
    ]
    return sorted(lines, key=lambda one: not one.is_result)
