"""What stands around a page: navigation, whom one acts for, and the other consoles of the same login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from attise.doors.consoles.visit import ADVERTISER_PARAM, AdvertiserVisit, CreatorVisit, Visit
from attise.doors.consoles.words import initials
from attise.doors.site.notices import shown_email
from attise.doors.site.preferences import LETTERS_COOKIE
from attise.management.accounts.queries import find_suspension
from attise.management.accounts.rules import ADVERTISER as ADVERTISER_ACCOUNT
from attise.management.accounts.rules import SUSPENDED_STATUS
from attise.management.inbox.queries import count_unread_of
from attise.management.inbox.rules import OPERATOR as TO_OPERATOR
from attise.management.inbox.rules import Audience, kinds_told
from attise.management.outbox.queries import CENTER

Entry = tuple[str, Promise, str, Promise | str]
"""The name of an address, what it is called, its icon, and a shorter name for a phone."""

CREATOR: tuple[Entry, ...] = (
    ("creator_home", gettext_lazy("Overview"), "home", pgettext_lazy("short", "Overview")),
    ("creator_posts", pgettext_lazy("creator", "My posts"), "post", pgettext_lazy("short", "Posts")),
    ("creator_authorizations", gettext_lazy("Authorizations"), "key", pgettext_lazy("short", "Codes")),
    ("creator_earnings", pgettext_lazy("creator", "Earnings"), "wallet", ""),
    ("creator_requests", gettext_lazy("Account access"), "people", pgettext_lazy("short", "Access")),
)
ADVERTISER: tuple[Entry, ...] = (
    ("ads_home", gettext_lazy("Overview"), "home", pgettext_lazy("short", "Overview")),
    ("campaigns", gettext_lazy("Campaigns"), "campaign", ""),
    ("scout", gettext_lazy("To boost"), "play", pgettext_lazy("short", "Boost")),
    ("library", gettext_lazy("Spark Ads posts"), "library", pgettext_lazy("short", "Posts")),
    ("comparison", gettext_lazy("Comparison"), "copy", pgettext_lazy("short", "Compare")),
    ("linked_accounts", gettext_lazy("Linked accounts"), "qr", pgettext_lazy("short", "Accounts")),
    ("reports", pgettext_lazy("figures", "Reports"), "chart", ""),
    ("events", gettext_lazy("Events"), "bolt", ""),
    ("billing", gettext_lazy("Billing"), "wallet", ""),
    ("members", gettext_lazy("Members"), "people", ""),
    ("access_keys", gettext_lazy("Access keys"), "key", ""),
)
OPERATOR: tuple[Entry, ...] = (
    ("operator_home", gettext_lazy("Overview"), "home", pgettext_lazy("short", "Overview")),
    ("review_queue", gettext_lazy("Review queue"), "eye", pgettext_lazy("short", "Review")),
    ("reported_posts", pgettext_lazy("viewers", "Reports"), "alert", ""),
    ("finances", gettext_lazy("Finances"), "wallet", ""),
    ("delivery", gettext_lazy("Delivery"), "bolt", ""),
    ("scoreboard", gettext_lazy("Scoreboard"), "chart", ""),
    ("operator_people", gettext_lazy("People"), "people", ""),
    ("operator_accounts", pgettext_lazy("operator", "Accounts"), "lock", ""),
    ("host_keys", gettext_lazy("Host keys"), "key", pgettext_lazy("short", "Keys")),
    ("journal", gettext_lazy("Journal"), "shield", ""),
    ("house_settings", gettext_lazy("Settings"), "settings", ""),
)
GOES: Final = {"v": "viewer_feed", "i": "inbox"}
"""Where the key ``g`` and a letter lead, in any console."""
ADVERTISER_GOES: Final = {"o": "ads_home", "c": "campaigns", "b": "scout", "l": "library", "r": "reports"}
"""Where they lead in the Ads Manager besides; ``c`` means its campaigns there, the creator tools elsewhere."""
VIEWER: tuple[Entry, ...] = (
    ("viewer_feed", gettext_lazy("For you"), "play", ""),
    ("viewer_home", pgettext_lazy("console", "Home"), "home", ""),
)


FIRST: Final = frozenset({"creator_home", "ads_home", "operator_home"})
"""Where one lands: these pages say how much is new in the inbox; on lists it would cost what they are held to."""


def page(
    visit: Visit,
    template: str,
    current: str = "",
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a console page; ``current`` is the entry of the navigation it belongs to."""
    return render(visit.request, f"consoles/{template}", {**frame(visit, current), **(context or {})}, status=status)


def frame(visit: Visit, current: str = "") -> dict[str, Any]:
    """Return what the shell of a console needs."""
    console, entries, account = _console(visit, current)
    box, audiences, kinds = _box(visit, console["home"])
    return {
        "visit": visit,
        "now": visit.means.clock.world_ms(),
        "console": console,
        "nav": [_link(entry, current) for entry in entries],
        "nav_foot": [
            {
                "url": reverse("inbox") + (f"?{urlencode({'de': box})}" if box else ""),
                "label": _("Inbox"),
                "icon": "inbox",
                "current": current == "inbox",
                "count": sum(count_unread_of(visit.person.id, one, kinds=kinds) for one in audiences)
                if current in FIRST
                else 0,
            },
            {
                "url": reverse("commands"),
                "label": pgettext("commands", "Find"),
                "icon": "search",
                "current": current in {"commands", "keys"},
            },
            {
                "url": reverse("account"),
                "label": _("Your login"),
                "icon": "person",
                "current": current == "account",
            },
        ],
        "account": account,
        "consoles": consoles_of(visit, console["home"]),
        "goes": {
            **_reached(GOES),
            **({"c": reverse("creator_home")} if visit.creator is not None else {}),
            **({"a": reverse("ads_home")} if visit.memberships else {}),
            **(_reached(ADVERTISER_GOES) if isinstance(visit, AdvertiserVisit) else {}),
        },
        "letters_off": visit.request.COOKIES.get(LETTERS_COOKIE) == "1",
        "asks_for_password": not visit.person.has_password,
        "suspended": _suspension(visit),
    }


def _reached(goes: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses that letters lead to."""
    return {letter: reverse(name) for letter, name in goes.items()}


def _suspension(visit: Visit) -> str:
    """Return why the advertiser that is acted for is suspended, empty where it is not."""
    if not isinstance(visit, AdvertiserVisit) or visit.advertiser.status != SUSPENDED_STATUS:
        return ""
    found = find_suspension(ADVERTISER_ACCOUNT, visit.advertiser.id)
    why = "" if found is None else found.reason
    return _("This advertiser is suspended: no ad of it is shown. %(reason)s") % {"reason": why}


def _console(visit: Visit, current: str) -> tuple[dict[str, str], tuple[Entry, ...], dict[str, Any]]:
    """Return the console, its entries, and whom the person acts for in it."""
    if isinstance(visit, CreatorVisit):
        handle = f"@{visit.account.handle}"
        account = {
            "name": handle,
            "detail": _("Creator account"),
            "initials": initials(visit.account.display_name),
            "is_brand": False,
        }
        return {"name": _("Creator tools"), "home": reverse("creator_home")}, CREATOR, account
    if isinstance(visit, AdvertiserVisit):
        account = {
            "name": visit.advertiser.name,
            "detail": visit.membership.business_center_name,
            "initials": initials(visit.advertiser.name),
            "is_brand": True,
        }
        return {"name": _("Ads Manager"), "home": reverse("ads_home")}, ADVERTISER, account
    account = {
        "name": visit.person.display_name,
        "detail": shown_email(visit.person.email),
        "initials": initials(visit.person.display_name),
        "is_brand": False,
    }
    if current in {entry[0] for entry in OPERATOR}:
        return {"name": _("Operator"), "home": reverse("operator_home")}, OPERATOR, account
    return {"name": "Attise", "home": reverse("viewer_home")}, VIEWER, account


def _box(visit: Visit, home: str) -> tuple[str, list[Audience], frozenset[str] | None]:
    """Return the inbox of a console as its address names it, whose notices it holds, and which kinds (None: all)."""
    if isinstance(visit, CreatorVisit):
        return "creator", [("creator", visit.account.id)], None
    if isinstance(visit, AdvertiserVisit):
        kinds = kinds_told(visit.roles)
        if kinds is not None:
            return (str(visit.advertiser.id), [("advertiser", visit.advertiser.id)], kinds) if kinds else ("", [], None)
        return str(visit.advertiser.id), [("advertiser", visit.advertiser.id), (CENTER, visit.center_id)], None
    return ("operator", [TO_OPERATOR], None) if home == reverse("operator_home") else ("", [], None)


def consoles_of(visit: Visit, home: str = "") -> list[dict[str, Any]]:
    """Return every console the login may switch to; ``home`` is the one it is in."""
    found = [
        {
            "url": reverse("viewer_feed"),
            "name": _("For you"),
            "detail": pgettext("console", "The feed"),
            "icon": "play",
            "current": False,
        },
        {
            "url": reverse("viewer_home"),
            "name": pgettext("console", "Home"),
            "detail": visit.person.display_name,
            "icon": "home",
            "current": home == reverse("viewer_home"),
        },
    ]
    if visit.creator is not None:
        url = reverse("creator_home")
        found.append(
            {
                "url": url,
                "name": _("Creator tools"),
                "detail": f"@{visit.creator.handle}",
                "icon": "post",
                "current": home == url,
            }
        )
    url = reverse("ads_home")
    acting_for = visit.advertiser.id if isinstance(visit, AdvertiserVisit) else None
    found += [
        {
            "url": f"{url}?{urlencode({ADVERTISER_PARAM: advertiser.id})}",
            "name": _("Ads Manager"),
            "detail": advertiser.name,
            "icon": "library",
            "current": home == url and advertiser.id == acting_for,
        }
        for advertiser in visit.advertisers
    ]
    if visit.person.is_operator:
        url = reverse("operator_home")
        found.append(
            {
                "url": url,
                "name": _("Operator"),
                "detail": _("This installation"),
                "icon": "shield",
                "current": home == url,
            }
        )
    return found


def _link(entry: Entry, current: str) -> dict[str, Any]:
    name, label, icon, short = entry
    return {"url": reverse(name), "label": label, "icon": icon, "short": short, "current": name == current}
