"""What a campaign changed, as its page says it: both arms, an interval for each signal, what could be told at all."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import money_text
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import charts, formats
from attise.doors.site.lifted import Lifted, lift_of
from attise.kernel.errors import Outage
from attise.kernel.money import MICROS
from attise.management.campaigns.views import CampaignView
from attise.measurement.lift.arms import Share
from attise.measurement.lift.campaign import Effect, Plan
from attise.measurement.lift.comparing import MORE_MOST
from attise.measurement.lift.costs import Cost
from attise.measurement.lift.study import Verdict
from attise.records.terms import PPM

SIGNALS: Final[dict[str, Promise]] = {
    "follows": gettext_lazy("Followed the creator"),
    "profile_visits": gettext_lazy("Visited the profile"),
    "completions": gettext_lazy("Watched to the end"),
    "views": gettext_lazy("Began to watch"),
    "likes": pgettext_lazy("viewers", "Liked"),
    "comments": pgettext_lazy("viewers", "Commented"),
    "shares": pgettext_lazy("viewers", "Shared"),
    "saves": pgettext_lazy("viewers", "Saved"),
}


class Line(NamedTuple):
    """One signal."""

    name: Promise
    status: str
    """Its key."""
    shown: str
    held: str
    difference: str
    ends: str
    span: charts.Span
    said: str
    """The interval for whoever does not see it."""
    brought: str
    brought_ends: str
    cost: str
    more: str
    """How many more viewers it would take; empty: it is told, or there is nothing to tell from nothing."""


class Planned(NamedTuple):
    """What a share could tell."""

    share: str
    effect: str


def of(visit: AdvertiserVisit, view: CampaignView) -> dict[str, Any]:
    """Return what the page shows of a campaign's effect; without its figures where facts cannot be read now."""
    try:
        found = lift_of(settings.HOUSE, view, now_ms=visit.means.clock.world_ms())
    except Outage:
        return {"effect_is_away": True}
    language = formats.language_of(get_language())
    return {
        "effect": found,
        "effect_share": _share(found.holdout_ppm, language),
        "effect_lines": _lines(found, view.currency, language),
        "effect_balance": _balance(found, language),
        "effect_purchases": _purchases(found, view.currency, language),
        "effect_plans": _plans(found, language),
        "effect_planned": _planned(found.plans, language),
    }


def _lines(found: Lifted, currency: str, language: str) -> list[Line]:
    ends = [(one.did.effect.low, one.did.effect.difference, one.did.effect.high) for one in found.effects]
    tones = {Verdict.MORE: "more", Verdict.LESS: "less"}
    drawn = charts.spans(ends, told=[tones.get(one.did.verdict, "") for one in found.effects])
    return [_line(one, span, currency, language) for one, span in zip(found.effects, drawn, strict=True)]


def _line(one: Effect, span: charts.Span, currency: str, language: str) -> Line:
    did, effect = one.did, one.did.effect
    low, high = _points(effect.low, language), _points(effect.high, language)
    difference = _points(effect.difference, language)
    brought = [formats.signed(round(value), language) for value in did.caused]
    would_tell = did.verdict in {Verdict.NOT_TOLD, Verdict.TOO_LITTLE} and effect.more_viewers < MORE_MOST
    return Line(
        SIGNALS[one.signal],
        f"effect_{did.verdict}",
        formats.percent(round(did.shown.events), did.shown.viewers, language),
        formats.percent(round(did.held.events), did.held.viewers, language),
        difference,
        _("%(low)s to %(high)s") % {"low": low, "high": high},
        span,
        _("%(difference)s, between %(low)s and %(high)s") % {"difference": difference, "low": low, "high": high},
        brought[0],
        _("%(low)s to %(high)s") % {"low": brought[1], "high": brought[2]},
        _cost(did.cost, currency, language),
        formats.integer(effect.more_viewers, language) if would_tell else "",
    )


def _purchases(found: Lifted, currency: str, language: str) -> dict[str, str] | None:
    """Return what the campaign changed of purchases, of those whom the pages knew before; None: of nobody."""
    if found.customers is None or not (found.customers.did.shown.viewers + found.customers.did.held.viewers):
        return None
    did, effect, adjusted = found.customers.did, found.customers.did.effect, found.customers.did.adjusted
    brought = [formats.signed(round(value), language) for value in did.caused]
    return {
        "status": f"effect_{did.verdict}",
        "part": formats.percent(round(found.customers.known_part * PPM), PPM, language),
        "shown": _of(did.shown, language),
        "held": _of(did.held, language),
        "difference": _points(effect.difference, language),
        "ends": _("%(low)s to %(high)s")
        % {"low": _points(effect.low, language), "high": _points(effect.high, language)},
        "brought": brought[0],
        "brought_ends": _("%(low)s to %(high)s") % {"low": brought[1], "high": brought[2]},
        "cost": _cost(did.cost, currency, language),
        "explained": ""
        if adjusted is None or not adjusted.is_used
        else formats.percent(round(adjusted.explained * PPM), PPM, language),
    }


def _of(arm: Share, language: str) -> str:
    """Return how many of an arm did it, of how many."""
    part = formats.percent(round(arm.events), arm.viewers, language)
    return _("%(part)s of %(viewers)s") % {"part": part, "viewers": formats.integer(arm.viewers, language)}


def _cost(cost: Cost | None, currency: str, language: str) -> str:
    """Return what one more costs, with its ends, or at least."""
    if cost is None or cost.low is None:
        return formats.NO_DATA
    low = _money(cost.low, currency, language)
    if cost.each is None or cost.high is None:
        return _("at least %(low)s") % {"low": low}
    each, high = (_money(end, currency, language) for end in (cost.each, cost.high))
    return _("%(each)s (%(low)s to %(high)s)") % {"each": each, "low": low, "high": high}


def _money(units: float, currency: str, language: str) -> str:
    return formats.money(round(units * MICROS), currency, language)


def _points(ratio: float, language: str) -> str:
    return formats.change_points((round(ratio * PPM), PPM), (0, PPM), language)


def _share(ppm: int, language: str) -> str:
    return formats.percent(ppm, PPM, language, places=money_text.places_of(ppm))


def _balance(found: Lifted, language: str) -> str:
    """Return how large the arm of those held out is beside what was asked for."""
    balance = next((one.did.balance for one in found.effects), None)
    if balance is None:
        return ""
    return formats.percent(round(balance.found * PPM), PPM, language)


def _plans(found: Lifted, language: str) -> list[Planned]:
    return [
        Planned(_share(one.holdout_ppm, language), _points(one.effect, language).lstrip("+"))
        for one in found.plans
        if math.isfinite(one.effect)
    ]


def _planned(plans: list[Plan], language: str) -> dict[str, str]:
    """Return of how many viewers, and of how many of them who follow, plans speak."""
    return {
        "viewers": formats.integer(plans[0].viewers, language),
        "rate": formats.percent(round(plans[0].rate * PPM), PPM, language),
    }
