"""What deserves an advertiser's look: a balance that runs low, ads that something stops, authorizations that end."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import grants, pictures
from attise.doors.consoles.advertiser.tree import said
from attise.doors.consoles.scouted import local_day
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.statuses import ENDING_DAYS
from attise.kernel.limits import DAY_MS
from attise.management.accounts.rules import Permission
from attise.management.authorizations.views import BoundPost
from attise.management.billing import queries as billing
from attise.management.campaigns import queries, status
from attise.management.campaigns.status import StatusWish
from attise.management.campaigns.views import AdView
from attise.measurement.attribution.overview import Overview

ADS = 50
"""Ads that wait or are blocked, of which the newest are looked at."""
LOW_DAYS = 2
"""A balance that lasts for fewer days, as days lately cost, is low."""


def lines(visit: AdvertiserVisit, bound: list[BoundPost], told: Overview) -> list[dict[str, Any]]:
    """Return what to look at, the gravest first; each with its next step."""
    ads = _ads(visit)
    said_of = {view.post.id for view, _ in ads if view.post is not None}
    rest = [one for one in bound if one.post.id not in said_of]
    return [*_balance(visit, told), *(_of_ad(view, how) for view, how in ads), *_posts(visit, rest)]


def _balance(visit: AdvertiserVisit, told: Overview) -> list[dict[str, Any]]:
    """Return the balance, where it lasts for less than two days of what was spent on each lately."""
    if not visit.can(Permission.READ_BILLING) or not told.now.spent_micros:
        return []
    balance = billing.balance_of_advertiser(visit.means, advertiser_id=visit.advertiser.id)
    a_day = told.now.spent_micros * DAY_MS // (told.span.to_ms - told.span.from_ms)
    if balance.available_micros >= LOW_DAYS * a_day:
        return []
    language = formats.language_of(get_language())
    return [
        {
            "status": "account_stopped" if balance.available_micros <= 0 else "limited",
            "words": _("No balance") if balance.available_micros <= 0 else _("Balance low"),
            "title": formats.money(balance.available_micros, balance.currency, language),
            "detail": _("about %(amount)s are spent a day")
            % {"amount": formats.money(a_day, balance.currency, language)},
            "url": reverse("billing"),
            "action": _("Add funds"),
        }
    ]


def _ads(visit: AdvertiserVisit) -> list[tuple[AdView, said.Said]]:
    """Return the ads that somebody has to do something for, the gravest first."""
    now_ms = visit.means.clock.world_ms()
    wish = queries.AdWish(status=StatusWish(primary=status.NOT_DELIVERY))
    found = queries.page_ads(visit.means, advertiser_id=visit.advertiser.id, wish=wish, limit=ADS).items
    told = [(view, said.of_ad(view, now_ms)) for view in found]
    return sorted(((view, how) for view, how in told if how.key in said.ASKS), key=lambda pair: said.rank(pair[1]))


def _of_ad(view: AdView, how: said.Said) -> dict[str, Any]:
    cause = next(iter(said.causes(said.loud(view.blockers), view=view)), None)
    return {
        "status": how.key,
        "words": how.words,
        "title": view.name,
        "detail": "" if cause is None else cause.sentence,
        "url": reverse("ad", args=[view.id]),
        "action": _("See"),
    }


def _posts(visit: AdvertiserVisit, bound: list[BoundPost]) -> list[dict[str, Any]]:
    """Return the posts whose authorization ends soon, or that cannot be used any more."""
    now, language = visit.means.clock.world_ms(), formats.language_of(get_language())
    found = []
    for one in bound:
        card = grants.card(one.authorization, now)
        unavailable = grants.refusal_of(one.post) if card.is_live else ""
        if card.is_live and not unavailable and card.days_left > ENDING_DAYS:
            continue
        day = "" if card.until_ms is None else formats.day(local_day(card.until_ms), language)
        ends = _("until %(date)s") % {"date": day} if card.is_live and day else day
        found.append(
            {
                "status": "post_unavailable" if unavailable else card.status,
                "words": "",
                "title": pictures.first_line(one.post),
                "detail": " · ".join(part for part in (f"@{one.post.creator_handle}", unavailable or ends) if part),
                "url": reverse("library_post", args=[one.post.id]),
                "action": _("See"),
            }
        )
    return found
