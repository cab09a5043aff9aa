"""The command menu: one field that finds pages, acts and things, of all that this login may open and nothing else.

A page of its own, which works without scripts; with them ``Ctrl K`` opens it over any console page. What it finds is
read through the same queries as the lists: what a list does not show, this does not find.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from attise.doors.consoles import frame, pictures
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.visit import ADVERTISER_PARAM, Visit
from attise.doors.site.notices import shown_email
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, can
from attise.management.campaigns.queries import AdWish, CampaignWish, page_ads, page_campaigns
from attise.management.posts import queries as posts

CHARACTERS: Final = 100
EACH: Final = 5
"""Things of one kind."""
ADVERTISERS: Final = 10
"""Whose campaigns and ads are looked through; whoever acts for more chooses one first."""
POSTS_LOOKED_AT: Final = 200
_NEEDED: Final[dict[str, Permission | None]] = {"ads_home": None, "members": None, "billing": Permission.READ_BILLING}
"""The right that a page of the Ads Manager needs; ``READ`` where nothing is said."""
_ACTS: Final[tuple[tuple[str, Promise, str, Permission], ...]] = (
    ("assistant", gettext_lazy("Create a campaign"), "plus", Permission.EDIT_CAMPAIGNS),
    ("new_lot", gettext_lazy("Boost by draw"), "play", Permission.EDIT_CAMPAIGNS),
    ("what_ads_leave", gettext_lazy("See what ads leave"), "chart", Permission.READ),
    ("library_codes", gettext_lazy("Apply video codes"), "key", Permission.APPLY_CODES),
    ("ask_account", gettext_lazy("Ask for access to an account"), "qr", Permission.REQUEST_ACCESS),
)
KEYS: Final[tuple[tuple[Promise, tuple[tuple[str, Promise], ...]], ...]] = (
    (
        pgettext_lazy("keys", "Everywhere in the consoles"),
        (
            ("Ctrl K", gettext_lazy("open the command menu")),
            ("/", gettext_lazy("go to the search field of the page")),
            ("?", gettext_lazy("show this list")),
            ("G V", gettext_lazy("go to the feed")),
            ("G C", gettext_lazy("go to the creator tools")),
            ("G A", gettext_lazy("go to the Ads Manager")),
            ("G I", gettext_lazy("go to the inbox")),
            ("Esc", gettext_lazy("close what is open over the page")),
        ),
    ),
    (
        pgettext_lazy("keys", "In the Ads Manager"),
        (
            ("G O", gettext_lazy("go to the overview")),
            ("G C", gettext_lazy("go to the campaigns, instead of the creator tools")),
            ("G B", gettext_lazy("go to what deserves a boost")),
            ("G L", gettext_lazy("go to the Spark Ads posts")),
            ("G R", gettext_lazy("go to the reports")),
        ),
    ),
    (
        pgettext_lazy("keys", "In the feed"),
        (
            ("J · ↓", gettext_lazy("next video")),
            ("K · ↑", gettext_lazy("previous video")),
            (pgettext_lazy("key", "Space"), gettext_lazy("pause or play")),
            ("L", pgettext_lazy("keys", "like")),
            ("M", gettext_lazy("sound on or off")),
            ("C", pgettext_lazy("keys", "comments")),
            ("S", pgettext_lazy("keys", "save")),
        ),
    ),
    (
        pgettext_lazy("keys", "In the review queue"),
        (("A", gettext_lazy("approve the ad")), ("R", gettext_lazy("refuse it: choose a rule"))),
    ),
    (
        pgettext_lazy("keys", "On a chart"),
        (("← →", gettext_lazy("go from point to point")),),
    ),
)
"""The map of keys."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something to open."""

    name: str
    detail: str
    icon: str
    url: str


@for_person("GET")
def commands(visit: Visit) -> HttpResponse:
    """Show what ``?q=`` finds; a script that asks for the results alone is given those."""
    text = visit.request.GET.get("q", "").replace("\x00", "").strip()[:CHARACTERS]
    groups = [(title, found) for title, found in _groups(visit, text) if found]
    context = {"text": text, "groups": groups}
    if visit.request.headers.get("HX-Request"):
        return render(visit.request, "consoles/parts/commands.html", context)
    return frame.page(visit, "commands.html", "commands", context)


@for_person("GET")
def keys(visit: Visit) -> HttpResponse:
    """Show the map of keys, and the switch of those that are one letter."""
    return frame.page(visit, "keys.html", "keys", {"keys": KEYS})


def _groups(visit: Visit, text: str) -> Iterator[tuple[str, list[Found]]]:
    yield _("Pages"), _kept(_pages(visit), text)
    yield pgettext("commands", "To do"), _kept(_acts(visit), text)
    if not text:
        return
    yield _("Campaigns"), _campaigns(visit, text)
    yield pgettext("commands", "Ads"), _ads(visit, text)
    yield _("Your posts"), _own_posts(visit, text)
    yield (
        _("Creators"),
        [
            Found(f"@{one.handle}", one.display_name, "person", reverse("viewer_profile", args=[one.handle]))
            for one in accounts.search_creators(text, limit=EACH)
        ],
    )
    if visit.person.is_operator:
        yield (
            _("People"),
            [
                Found(
                    row.person.display_name, shown_email(row.person.email), "people", _asked("operator_people", q=text)
                )
                for row in accounts.list_people(keyword=text, page_size=EACH).items
            ],
        )


def _pages(visit: Visit) -> Iterator[Found]:
    """Yield the pages of every console of the login."""
    yield Found(_("For you"), "Attise", "play", reverse("viewer_feed"))
    yield Found(_("Following"), "Attise", "people", reverse("viewer_following"))
    yield Found(_("Inbox"), "Attise", "inbox", reverse("inbox"))
    yield Found(_("Your login"), "Attise", "person", reverse("account"))
    yield Found(_("Keys"), "Attise", "help", reverse("keys"))
    if visit.creator is not None:
        for name, label, icon, _short in frame.CREATOR:
            yield Found(str(label), f"@{visit.creator.handle}", icon, reverse(name))
    for membership in visit.memberships:
        for advertiser in accounts.list_advertisers_of_business_center(membership.business_center_id)[:ADVERTISERS]:
            for name, label, icon, _short in frame.ADVERTISER:
                needed = _NEEDED.get(name, Permission.READ)
                if needed is None or can(membership.roles, needed):
                    yield Found(str(label), advertiser.name, icon, _of(advertiser.id, name))
    if visit.person.is_operator:
        for name, label, icon, _short in frame.OPERATOR:
            yield Found(str(label), _("Operator"), icon, reverse(name))


def _acts(visit: Visit) -> Iterator[Found]:
    if visit.creator is not None:
        yield Found(_("Publish a video"), f"@{visit.creator.handle}", "upload", reverse("publish"))
    for membership in visit.memberships:
        for advertiser in accounts.list_advertisers_of_business_center(membership.business_center_id)[:ADVERTISERS]:
            for name, label, icon, needed in _ACTS:
                if can(membership.roles, needed):
                    yield Found(str(label), advertiser.name, icon, _of(advertiser.id, name))


def _campaigns(visit: Visit, text: str) -> list[Found]:
    wish = CampaignWish(name=text)
    return [
        Found(one.name, name, "campaign", _of(advertiser_id, "campaign", one.id))
        for advertiser_id, name in _read_by(visit)
        for one in page_campaigns(visit.means, advertiser_id=advertiser_id, wish=wish, limit=EACH).items
    ][:EACH]


def _ads(visit: Visit, text: str) -> list[Found]:
    wish = AdWish(name=text)
    return [
        Found(one.name, name, "play", _of(advertiser_id, "ad", one.id))
        for advertiser_id, name in _read_by(visit)
        for one in page_ads(visit.means, advertiser_id=advertiser_id, wish=wish, limit=EACH).items
    ][:EACH]


def _own_posts(visit: Visit, text: str) -> list[Found]:
    if visit.creator is None:
        return []
    wanted, handle = _folded(text), f"@{visit.creator.handle}"
    return [
        Found(pictures.first_line(one), handle, "post", reverse("creator_post", args=[one.id]))
        for one in posts.list_posts_of_creator(visit.creator.id, limit=POSTS_LOOKED_AT).items
        if wanted in _folded(one.caption)
    ][:EACH]


def _read_by(visit: Visit) -> list[tuple[int, str]]:
    """Return the advertisers whose campaigns the login may read."""
    return [(advertiser.id, advertiser.name) for advertiser in visit.read_advertisers[:ADVERTISERS]]


def _kept(found: Iterator[Found], text: str) -> list[Found]:
    """Return what holds every word of a text, whatever its case and accents."""
    words = _folded(text).split()
    return [one for one in found if all(word in _folded(f"{one.name} {one.detail}") for word in words)]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _of(advertiser_id: int, name: str, *args: int) -> str:
    return _asked(name, *args, **{ADVERTISER_PARAM: advertiser_id})


def _asked(name: str, *args: int, **query: object) -> str:
    return f"{reverse(name, args=args)}?{urlencode(query)}"
