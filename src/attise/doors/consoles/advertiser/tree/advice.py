"""Advice on a campaign in words: the figure behind each, and the button that does it."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.scouted import local_day
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.advised import advice_on
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.management.campaigns.views import CampaignView
from attise.measurement.advice.rules import Advice, Kind
from attise.records.terms import PPM


class Line(NamedTuple):
    """One advice. ``url`` is where its next step is taken where that is not done here."""

    key: str
    name: str
    why: str
    action: str
    url: str


def lines(visit: AdvertiserVisit, view: CampaignView) -> list[Line]:
    """Return the advice on a campaign, the gravest first."""
    return [
        Line(
            one.advice.key,
            one.name,
            _why(one.advice, view.currency),
            _action(one.advice, view.currency),
            f"{reverse('ad', args=[one.advice.id])}#suite" if one.advice.kind is Kind.RENEW_GRANT else "",
        )
        for one in advice_on(visit.means, view)
    ]


def done(one: Advice, currency: str) -> str:
    """Return what is said once an advice is taken."""
    if one.kind is Kind.RAISE_BUDGET:
        return _("The budget is %(amount)s now.") % {"amount": _amount(one, currency)}
    if one.kind is Kind.RAISE_BID:
        return _("The bid is %(amount)s now.") % {"amount": _amount(one, currency)}
    return _("The ad is paused.")


def why_not(refused: Refusal | Refusals) -> str:
    """Return why an advice was not taken."""
    found = telling.items_of(refused)
    if any(one.reason is NOT_FOUND for one in found):
        return _("This is not advised any more: the page tells what is now.")
    return " ".join(f"{telling.sentence(one)} {telling.next_step(one)}" for one in found)


def _why(one: Advice, currency: str) -> str:
    language = _language()

    def money(micros: int) -> str:
        return formats.money(micros, currency, language)

    if one.kind is Kind.RENEW_GRANT:
        return _("The creator's authorization ends on %(date)s, and the ad group runs on.") % {
            "date": formats.day(local_day(one.figure), language)
        }
    if one.kind is Kind.PAUSE_COSTLY:
        return _(
            "It spent %(spent)s in 7 days without a result; the other ads of its group bring one for %(each)s."
        ) % {
            "spent": money(one.figure),
            "each": money(one.beside),
        }
    if one.kind is Kind.PAUSE_TIRED:
        return _("%(now)s of its impressions were watched to the end in 7 days, %(before)s in the 7 before.") % {
            "now": formats.percent(one.figure, PPM, language),
            "before": formats.percent(one.beside, PPM, language),
        }
    if one.kind is Kind.RAISE_BID:
        return _(
            "It bids %(bid)s, and you usually %(usual)s for this goal; on each of the last 3 whole days less than half "
            "of its budget was spent."
        ) % {"bid": money(one.figure), "usual": money(one.beside)}
    return _("It spent %(spent)s of %(budgets)s over the last 3 whole days: its budget holds it back.") % {
        "spent": money(one.figure),
        "budgets": money(one.beside),
    }


def _action(one: Advice, currency: str) -> str:
    if one.kind is Kind.RENEW_GRANT:
        return _("See what to do")
    if one.kind is Kind.RAISE_BUDGET:
        return _("Raise to %(amount)s") % {"amount": _amount(one, currency)}
    if one.kind is Kind.RAISE_BID:
        return _("Bid %(amount)s") % {"amount": _amount(one, currency)}
    return _("Pause the ad")


def _amount(one: Advice, currency: str) -> str:
    if one.kind is Kind.RAISE_BUDGET:
        return formats.money_per_day(one.to_micros, currency, _language())
    return formats.money(one.to_micros, currency, _language())


def _language() -> str:
    return formats.language_of(get_language())
