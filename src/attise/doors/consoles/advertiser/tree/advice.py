"""Advice on campaigns as pages show it: the figure behind each, and the button that does it."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.advertiser.tree import advice_words as words
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.advised import Advised, advice_on, advice_over
from attise.kernel.errors import NOT_FOUND, Refusal, Refusals
from attise.management.campaigns.views import CampaignView
from attise.measurement.advice.rules import Advice


class Line(NamedTuple):
    """One advice. ``url`` is where its next step is taken where that is not done here."""

    key: str
    name: str
    why: str
    action: str
    url: str
    campaign_id: int


def lines(visit: AdvertiserVisit, view: CampaignView) -> list[Line]:
    """Return the advice on a campaign, the gravest first."""
    return [_line(one, view.currency) for one in advice_on(visit.means, settings.HOUSE, view)]


def lines_over(visit: AdvertiserVisit) -> list[Line]:
    """Return the most useful advice over all campaigns."""
    found = advice_over(visit.means, settings.HOUSE, visit.advertiser.id)
    return [_line(one, visit.advertiser.currency) for one in found]


def _line(one: Advised, currency: str) -> Line:
    return Line(
        one.advice.key,
        one.name,
        words.why(one, currency),
        words.action(one.advice, currency),
        _url(one.advice),
        one.campaign_id,
    )


def _url(one: Advice) -> str:
    """Return where the next step is taken that no button does here."""
    if one.is_done_here:
        return ""
    return f"{reverse('ad', args=[one.id])}#suite" if one.level == "ad" else reverse("adgroup", args=[one.id])


def why_not(refused: Refusal | Refusals) -> str:
    """Return why an advice was not taken."""
    found = telling.items_of(refused)
    if any(one.reason is NOT_FOUND for one in found):
        return _("This is not advised any more: the page tells what is now.")
    return " ".join(f"{telling.sentence(one)} {telling.next_step(one)}" for one in found)
