"""The words of values: roles, rights, permissions asked of a creator, formats, objectives, what happened to a grant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from attise.doors.site import formats
from attise.doors.site.notices import ACTORS as ACTORS  # noqa: PLC0414 - words of pages too
from attise.doors.site.notices import POST_STATES as POST_STATES  # noqa: PLC0414
from attise.management.accounts.rules import NAMED, Permission, Roles, who_can
from attise.records.lookups import regions

ROLE_NAMES: Final[dict[str, Promise]] = {
    "admin": pgettext_lazy("role", "Administrator"),
    "campaign_operator": pgettext_lazy("role", "Campaign operator"),
    "analyst": pgettext_lazy("role", "Analyst"),
    "finance": pgettext_lazy("role", "Finance"),
}
ROLE_RIGHTS: Final[dict[str, Promise]] = {
    "admin": _("Everything, members and access keys included"),
    "campaign_operator": _("Codes, account access, campaigns; no billing"),
    "analyst": _("Reads and exports"),
    "finance": _("Billing only"),
}
ACCESS_ASKED: Final[dict[str, Promise]] = {
    "existing_posts": pgettext_lazy("asked of a creator", "Use your existing posts in its ads, without asking a code"),
    "new_posts": pgettext_lazy("asked of a creator", "Publish new videos on your account, seen on your profile"),
    "new_posts_ads_only": pgettext_lazy("asked of a creator", "Publish new videos in your name, shown only in ads"),
}
"""What a Business Center asks, as the creator reads it."""
ACCESS_OFFERED: Final[dict[str, Promise]] = {
    "existing_posts": _("Use existing posts"),
    "new_posts": _("Publish new videos, also on the profile"),
    "new_posts_ads_only": _("Publish new videos, only in ads"),
}
"""The same, as the advertiser reads it."""
FORMATS: Final[dict[str, Promise]] = {
    "video": pgettext_lazy("format", "Video"),
    "story": pgettext_lazy("format", "Story"),
    "carousel": pgettext_lazy("format", "Photo carousel"),
    "duet": pgettext_lazy("format", "Duet"),
    "stitch": pgettext_lazy("format", "Stitch"),
}
VISIBILITIES: Final[dict[str, Promise]] = {
    "public": pgettext_lazy("visibility", "Public"),
    "followers": pgettext_lazy("visibility", "Followers"),
    "private": pgettext_lazy("visibility", "Private"),
}
VISIBILITY_MEANS: Final[dict[str, Promise]] = {
    "public": _("Everyone, in the feed and on your profile"),
    "followers": _("Those who follow you"),
    "private": _("You alone"),
}
OBJECTIVES: Final[dict[str, Promise]] = {
    "REACH": _("Brand awareness"),
    "VIDEO_VIEWS": _("Video views"),
    "ENGAGEMENT": pgettext_lazy("objective", "Engagement"),
    "TRAFFIC": pgettext_lazy("objective", "Traffic"),
    "WEB_CONVERSIONS": pgettext_lazy("objective", "Conversions"),
    "LEAD_GENERATION": _("Lead generation"),
    "APP_PROMOTION": _("App installs"),
}
GOALS: Final[dict[str, Promise]] = {
    "REACH": pgettext_lazy("goal", "Impressions to as many people as possible"),
    "ENGAGED_VIEW": pgettext_lazy("goal", "Views of 6 seconds"),
    "ENGAGED_VIEW_FIFTEEN": pgettext_lazy("goal", "Views of 15 seconds"),
    "VIDEO_VIEW": pgettext_lazy("goal", "Views"),
    "CLICK": pgettext_lazy("goal", "Clicks"),
    "TRAFFIC_LANDING_PAGE_VIEW": pgettext_lazy("goal", "Views of the landing page"),
    "FOLLOWERS": pgettext_lazy("goal", "Followers"),
    "PAGE_VISIT": pgettext_lazy("goal", "Visits of the profile"),
    "CONVERT": pgettext_lazy("goal", "Conversions"),
    "VALUE": pgettext_lazy("goal", "Value of conversions"),
    "LEAD_GENERATION": pgettext_lazy("goal", "Leads"),
    "INSTALL": pgettext_lazy("goal", "Installs"),
    "IN_APP_EVENT": pgettext_lazy("goal", "Events in the app"),
}
"""What results are, by the room's goals."""
EVENTS: Final[dict[str, Promise]] = {
    "ON_WEB_DETAIL": pgettext_lazy("event", "Product viewed"),
    "ON_WEB_CART": pgettext_lazy("event", "Added to cart"),
    "ON_WEB_ADD_TO_WISHLIST": pgettext_lazy("event", "Added to wishlist"),
    "INITIATE_ORDER": pgettext_lazy("event", "Checkout begun"),
    "ADD_BILLING": pgettext_lazy("event", "Payment details given"),
    "SHOPPING": pgettext_lazy("event", "Purchase"),
    "ON_WEB_ORDER": pgettext_lazy("event", "Order placed"),
    "ON_WEB_REGISTER": pgettext_lazy("event", "Registration"),
    "ON_WEB_SEARCH": pgettext_lazy("event", "Search done"),
    "ON_WEB_SUBSCRIBE": pgettext_lazy("event", "Subscription"),
    "FORM": pgettext_lazy("event", "Form sent"),
    "CONSULT": pgettext_lazy("event", "Contact"),
    "DOWNLOAD_START": pgettext_lazy("event", "Download"),
    "BUTTON": pgettext_lazy("event", "Button clicked"),
    "PAGE_VIEW": pgettext_lazy("event", "Page viewed"),
    "INSTALL": pgettext_lazy("event", "App installed"),
    "OTHER": pgettext_lazy("event", "Events of your own"),
}
"""What happens on an advertiser's pages and in its apps, by the kinds of ``records.web_events`` that can be told."""
ACTS: Final[dict[str, Promise]] = {
    "follow": pgettext_lazy("event", "New follower"),
    "profile_visit": pgettext_lazy("event", "Visit of the profile"),
}
"""What viewers do that an ad group may be there for, by ``records.event.RESULTS``."""
BILLED: Final[dict[str, Promise]] = {
    "CPM": _("per 1,000 impressions"),
    "CPC": _("per click"),
    "CPV": _("per view"),
    "OCPM": _("per 1,000 impressions, towards a result"),
}
METHODS: Final[dict[str, Promise]] = {
    "AUTH_CODE": pgettext_lazy("method", "Code"),
    "BC_AUTH_TT": pgettext_lazy("method", "Account access"),
    "TT_USER": pgettext_lazy("method", "Own account"),
}
SCOPES: Final[dict[int, Promise]] = {
    1: _("See the ad accounts and their Business Center"),
    2: _("Create and change campaigns and ads"),
    3: _("Create and use audiences"),
    4: _("Read reports"),
    5: _("Read measurements of conversions"),
    6: _("Apply video codes, use authorized posts, upload videos and images"),
    7: _("Manage apps"),
    8: _("Manage pixels and send events"),
}
CREATOR_SCOPES: Final[dict[str, Promise]] = {
    "user.info.basic": _("See your name and your handle"),
    "video.list": _("See your posts"),
    "video.publish": _("Publish videos on your account"),
    "comment.list": _("Read the comments under your posts"),
    "biz.spark.auth": _("Authorize your posts for ads, and end that"),
}
HISTORY: Final[dict[str, Promise]] = {
    "issued": pgettext_lazy("history", "Code generated"),
    "bound": pgettext_lazy("history", "Code applied"),
    "extended": pgettext_lazy("history", "Extended"),
    "revoked": pgettext_lazy("history", "Revoked"),
    "revocation_planned": pgettext_lazy("history", "Revocation planned"),
    "replaced": pgettext_lazy("history", "Replaced by a new code"),
    "terms_changed": pgettext_lazy("history", "Terms changed"),
    "access_granted": pgettext_lazy("history", "Access granted"),
    "widened": pgettext_lazy("history", "Access widened"),
    "access_returned": pgettext_lazy("history", "Access ended by the brand"),
    "linked": pgettext_lazy("history", "Account linked"),
    "assigned": pgettext_lazy("history", "Made usable by an advertiser"),
    "unassigned": pgettext_lazy("history", "Taken back from an advertiser"),
    "unbound": pgettext_lazy("history", "Removed from a library"),
}
"""What happened to a grant, by the verbs of its history."""


def role_name(roles: Roles) -> str:
    """Return how the pages call these roles; the dialect can say others than the four names."""
    for name, named in NAMED.items():
        if named == roles:
            return str(ROLE_NAMES[name])
    return " · ".join(part for part in (roles.role, roles.advertiser_role, roles.finance_role) if part)


def reserved_for(permission: Permission) -> Promise:
    """Return why a control is disabled, for those whose role lacks a right."""
    if "campaign_operator" in who_can(permission):
        return _("Reserved to administrators and campaign operators of the Business Center")
    return _("Reserved to administrators of the Business Center")


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``Inès, Paul and Zoé``."""
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    last = " et " if formats.language_of(get_language()) == formats.FRENCH else " and "
    return ", ".join(names[:-1]) + last + names[-1]


def named(row: object) -> str:
    """Return the name of a look-up row in the reader's language."""
    french = formats.language_of(get_language()) == formats.FRENCH
    return str(getattr(row, "name_fr" if french else "name_en"))


def country_name(code: str) -> str:
    """Return a country in the reader's language; a code that is not known stays as it is."""
    row = regions.by_iso(code)
    return code if row is None else named(row)


def initials(name: str) -> str:
    """Return one or two letters for an avatar."""
    parts = [part for part in name.replace(".", " ").replace("_", " ").split() if part[0].isalnum()]
    return "".join(part[0] for part in parts[:2]).upper() or "?"


PAYOUT_STATES: dict[str, Promise] = {
    "asked": pgettext_lazy("payout", "Asked for"),
    "held": pgettext_lazy("payout", "Being checked"),
    "approved": pgettext_lazy("payout", "On its way"),
    "paid": pgettext_lazy("payout", "Paid"),
    "refused": pgettext_lazy("payout", "Refused"),
    "failed": pgettext_lazy("payout", "Did not arrive"),
    "withdrawn": pgettext_lazy("payout", "Withdrawn"),
}
"""Where a payout stands."""
ACCOUNT_KINDS: dict[str, Promise] = {
    "advertiser": pgettext_lazy("ledger", "Advertisers' balances"),
    "business_center": pgettext_lazy("ledger", "Business Centers' balances"),
    "creator": pgettext_lazy("ledger", "Creators' earnings"),
    "payable": pgettext_lazy("ledger", "Payouts on their way"),
    "house": pgettext_lazy("ledger", "The house"),
    "outside": pgettext_lazy("ledger", "Outside"),
}
"""Kinds of accounts of the ledger."""
