"""The figures of a creator's first page as it draws them; of every signal one number with its two parts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import periods, pictures, steps
from attise.doors.consoles.visit import CreatorVisit
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line, Tile
from attise.management.earnings import queries as earnings
from attise.measurement.counters.overview import CreatorOverview, get_creator_overview
from attise.measurement.counters.queries import Counted, CountsView
from attise.measurement.counters.spans import span_of

ACTS = ("likes", "comments", "shares", "saves")
"""Signals that are told together as what people did."""


def drawn(visit: CreatorVisit) -> dict[str, Any]:
    """Return what the page shows of the period that its address asks for. Cost: two statements, and those of money."""
    period = periods.asked(visit.request.GET)
    zone = get_current_timezone_name()
    span = span_of(zone, visit.means.clock.world_ms(), periods.PERIODS[period].days)
    told = get_creator_overview(visit.account.id, span=span)
    return {
        "overview": told,
        "tiles": [
            _tile(told, _("Views"), ("views",)),
            _tile(told, pgettext("people's acts", "Interactions"), ACTS),
            _tile(told, _("Followers gained"), ("follows",)),
            _watched(told),
            *_earned(visit, told),
        ],
        "counters": pictures.counters_told(told.now),
        "chart": _chart(told, zone),
        "followers": told.in_all.of("follows").total,
        "has_figures": any(told.in_all.of(name).total for name in ("views", "impressions", "follows")),
        "periods": [(_address(word), periods.PERIODS[word].label, word == period) for word in periods.COMPARED],
        "timezone": zone,
    }


def _address(period: str) -> str:
    return f"{reverse('creator_home')}?{urlencode({periods.PARAM: period})}"


def _language() -> str:
    return formats.language_of(get_language())


def together(view: CountsView, signals: tuple[str, ...]) -> Counted:
    """Return some signals as one, organic and paid apart."""
    parts = [view.of(name) for name in signals]
    return Counted(sum(one.organic for one in parts), sum(one.paid for one in parts))


def _tile(told: CreatorOverview, label: str, signals: tuple[str, ...]) -> Tile:
    language = _language()
    now, before = together(told.now, signals), together(told.before, signals)
    difference = formats.change_percent(now.total, before.total, language).lstrip(f"+{formats.MINUS}")
    return Tile(
        label=label,
        value=formats.integer(now.total, language),
        change=charts.change(now.total, before.total, difference, good=1),
        parts=(formats.compact(now.organic, language), formats.compact(now.paid, language)),
        spark=charts.sparkline([together(one, signals).total for one in told.steps]),
    )


def _watched(told: CreatorOverview) -> Tile:
    """Return how long videos were watched: a mean of sums."""
    language = _language()
    means = [_mean(one) for one in (told.now, told.before)]
    difference = formats.change_percent(*means, language).lstrip(f"+{formats.MINUS}")
    return Tile(
        label=_("Mean watch time"),
        value=formats.duration(means[0], language),
        change=charts.change(*means, difference, good=1),
        spark=charts.sparkline([_mean(one) for one in told.steps]),
    )


def _mean(view: CountsView) -> int | None:
    views = view.of("views").total
    return None if views <= 0 else view.of("watch_ms").total // views


def _earned(visit: CreatorVisit, told: CreatorOverview) -> list[Tile]:
    """Return what was earned in the period, a tile a currency; with what can be paid out."""
    language, span = _language(), told.span
    earned = earnings.list_earned_in_all(visit.account.id, from_ms=span.from_ms, to_ms=span.to_ms) or [("EUR", 0)]
    found = []
    for currency, micros in earned:
        balance = earnings.balance_of(visit.means, creator_id=visit.account.id, currency=currency)
        available = formats.money(balance.available_micros, currency, language)
        found.append(
            Tile(
                label=pgettext("creator", "Earnings"),
                value=formats.money(micros, currency, language),
                note=_("%(amount)s can be paid out") % {"amount": available},
                url=reverse("creator_earnings"),
            )
        )
    return found


def _chart(told: CreatorOverview, zone: str) -> Chart:
    """Return the views over the period, the organic ones beneath the paid ones."""
    language, span = _language(), told.span
    counted = [one.of("views") for one in told.steps]
    whole = told.now.of("views")
    sentence = _("%(total)s views: %(organic)s organic and %(paid)s paid.") % {
        "total": formats.integer(whole.total, language),
        "organic": formats.integer(whole.organic, language),
        "paid": formats.integer(whole.paid, language),
    }
    return charts.chart(
        "course",
        _("Views"),
        sentence,
        steps=steps.names(span, zone, language),
        steps_name=_("Hour") if span.is_by_hour else _("Day"),
        lines=[
            Line(_("organic"), "slate", steps.with_coming([one.organic for one in counted], span)),
            Line(pgettext("counter", "paid"), "ember", steps.with_coming([one.paid for one in counted], span)),
        ],
        say=lambda value: formats.integer(value, language),
        say_mark=lambda value: formats.compact(value, language),
        is_stacked=True,
    )
