"""Advice in words: what each rests on, what its button says, and what is said once it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from attise.doors.consoles.scouted import local_day
from attise.doors.site import formats
from attise.doors.site.advised import Advised
from attise.measurement.advice.rules import Advice, Kind
from attise.records.terms import PPM

SEE_GROUP: Final = _("See the ad group")
"""Where the button cannot do it."""


class Said(NamedTuple):
    """The words of one kind. ``figure`` and ``beside`` stand in ``why`` as they are written; likewise ``amount``."""

    why: Promise
    figure: Callable[[int, str], str]
    beside: Callable[[int, str], str]
    action: Promise
    done: Promise


def why(told: Advised, currency: str) -> str:
    """Return what an advice rests on."""
    one, said = told.advice, _SAID[told.advice.kind]
    values: dict[str, Any] = {
        "figure": said.figure(one.figure, currency),
        "beside": said.beside(one.beside, currency),
        "post": told.post,
    }
    return str(said.why) % values


def action(one: Advice, currency: str) -> str:
    """Return what its button says."""
    said = _SAID[one.kind].action if one.is_done_here or one.kind is Kind.RENEW_GRANT else SEE_GROUP
    return str(said) % {"amount": _amount(one, currency)}


def done(one: Advice, currency: str) -> str:
    """Return what is said once it is taken."""
    return str(_SAID[one.kind].done) % {"amount": _amount(one, currency)}


def _amount(one: Advice, currency: str) -> str:
    if one.to_micros is None:
        return ""
    if one.kind is Kind.RAISE_BUDGET:
        return formats.money_per_day(one.to_micros, currency, _language())
    return formats.money(one.to_micros, currency, _language())


def _language() -> str:
    return formats.language_of(get_language())


def _money(value: int, currency: str) -> str:
    return formats.money(value, currency, _language())


def _day(value: int, _currency: str) -> str:
    return formats.day(local_day(value), _language()) if value else ""


def _percent(value: int, _currency: str) -> str:
    return formats.percent(value, PPM, _language())


def _count(value: int, _currency: str) -> str:
    return formats.integer(value, _language())


_WIDER: Final = _("The ad group asks for no interests, behaviours or prices of devices any more.")
_SAID: Final[dict[Kind, Said]] = {
    Kind.RENEW_GRANT: Said(
        _("The creator's authorization ends on %(figure)s, and the ad group runs on."),
        *(_day, _day),
        _("See what to do"),
        _("See what to do"),
    ),
    Kind.PAUSE_COSTLY: Said(
        _("It spent %(figure)s in 7 days without a result; the other ads of its group bring one for %(beside)s."),
        *(_money, _money),
        _("Pause the ad"),
        _("The ad is paused."),
    ),
    Kind.PAUSE_TIRED: Said(
        _("%(figure)s of its impressions were watched to the end in 7 days, %(beside)s in the 7 before."),
        *(_percent, _percent),
        _("Pause the ad"),
        _("The ad is paused."),
    ),
    Kind.AUDIENCE_USED_UP: Said(
        _(
            "Of the %(beside)s viewers whom it reached over the last 3 whole days only %(figure)s were new to it, and "
            "less than half of its budget was spent: its audience is used up."
        ),
        *(_count, _count),
        _("Widen the audience"),
        _WIDER,
    ),
    Kind.WIDEN_AUDIENCE: Said(
        _(
            "It is meant for fewer than %(figure)s people; without its interests, behaviours and prices of devices for "
            "about %(beside)s."
        ),
        *(_count, _count),
        _("Widen the audience"),
        _WIDER,
    ),
    Kind.RAISE_BID: Said(
        _(
            "It bids %(figure)s, and you usually %(beside)s for this goal; on each of the last 3 whole days less than "
            "half of its budget was spent."
        ),
        *(_money, _money),
        _("Bid %(amount)s"),
        _("The bid is %(amount)s now."),
    ),
    Kind.RAISE_BUDGET: Said(
        _("It spent %(figure)s of %(beside)s over the last 3 whole days: its budget holds it back."),
        *(_money, _money),
        _("Raise to %(amount)s"),
        _("The budget is %(amount)s now."),
    ),
    Kind.ADD_POST: Said(
        _("%(post)s: the scout gives it %(figure)s of 100, worth boosting until %(beside)s, and you may use it."),
        *(_count, _day),
        _("Add it to the ad group"),
        _("The ad is made; its ad group shows it as soon as nothing is in its way."),
    ),
}
