"""What a new advertiser does first, ticked once it is done: money, a post, a campaign, what its pages tell."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.visit import AdvertiserVisit
from attise.management.accounts.rules import Permission
from attise.management.billing import queries as billing
from attise.management.campaigns import queries as campaigns
from attise.management.pixels import queries as pixels


def steps(visit: AdvertiserVisit, *, has_post: bool) -> list[dict[str, Any]]:
    """Return the first steps; none once money, a post and a campaign are there. Cost: four statements at most."""
    mine = visit.advertiser.id
    has_money = billing.balance_of_advertiser(visit.means, advertiser_id=mine).paid_in_micros > 0
    has_campaign = bool(campaigns.page_campaigns(visit.means, advertiser_id=mine, limit=1).items)
    if has_money and has_post and has_campaign:
        return []
    has_pixel = bool(pixels.page_pixels(mine, limit=1).items)
    told = (
        (
            has_money,
            _("Add funds"),
            _("Ads run on what is on the balance; nothing is charged beyond it."),
            reverse("billing"),
            _("Add funds"),
            Permission.READ_BILLING,
        ),
        (
            has_post,
            _("Get a post to show"),
            _("A creator gives you a video code, or lets you use their account: their post joins your library."),
            reverse("library") + "?dialog=codes",
            _("Paste a code"),
            Permission.APPLY_CODES,
        ),
        (
            has_campaign,
            _("Launch it"),
            _("Five steps, with the post as viewers will see it; the amount is said before it is spent."),
            reverse("assistant"),
            _("Create a campaign"),
            Permission.EDIT_CAMPAIGNS,
        ),
        (
            has_pixel,
            _("Follow what it brings"),
            _("A pixel on your pages tells which ad brought a purchase."),
            reverse("events"),
            _("Make the pixel"),
            Permission.READ,
        ),
    )
    return [
        {
            "done": done,
            "title": title,
            "text": text,
            "url": url,
            "action": action,
            "allowed": visit.can(permission),
            "reserved": words.reserved_for(permission),
        }
        for done, title, text, url, action, permission in told
    ]
