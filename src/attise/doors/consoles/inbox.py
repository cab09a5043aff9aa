"""The inbox of a login: what its viewer, its creator, its advertisers and its house are told, each apart.

A row says what happened, and leads to where one acts on it. Nothing is read by looking at the page: whoever has read
says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import frame
from attise.doors.consoles.gate import for_person
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.consoles.visit import ADVERTISER_PARAM, Visit
from attise.doors.site import formats, notices
from attise.doors.site.arrived import (
    COMMENT_HIDDEN,
    COMMENTED,
    FOLLOWED,
    LIKED,
    LOOKED,
    PUBLISHED,
    Arrived,
    list_arrived,
)
from attise.kernel.ids import parse_id
from attise.management.authorizations import queries as authorizations
from attise.management.campaigns.queries import campaigns_on
from attise.management.inbox import actions, queries
from attise.management.inbox.rules import OPERATOR, VIEWER, Audience, kinds_told
from attise.management.outbox import queries as outbox
from attise.management.outbox.queries import CENTER, NoticeView

PAGE: Final = 50
CAMPAIGNS_NAMED: Final = 3
_ENDS: Final = {"authorization_revoked", "authorization_revocation_planned", "authorization_expired"}
OF, BEFORE, WHAT = "de", "avant", "what"
_PLACES: Final[dict[str, tuple[str, bool]]] = {
    **dict.fromkeys(("post_ready", "post_not_encoded", "post_moderated"), ("creator_post", True)),
    **dict.fromkeys(
        ("ad_approved", "ad_rejected", "ad_removed", "ad_approved_by_creator", "ad_refused_by_creator"), ("ad", True)
    ),
    **dict.fromkeys(("invoice_issued", "credit_note_issued"), ("invoice", True)),
    **dict.fromkeys(("funds_added", "funds_returned", "charges_given_back"), ("billing", False)),
    **dict.fromkeys(("account_access_granted", "account_access_refused"), ("linked_accounts", False)),
    **dict.fromkeys(("member_joined", "member_changed", "member_removed", "member_invited"), ("members", False)),
    **dict.fromkeys(("post_request_accepted", "post_request_refused"), ("scout", False)),
    "post_asked_for": ("post_request", True),
    **dict.fromkeys(("report_written", "report_failed"), ("reports", False)),
    "code_redeemed": ("creator_authorizations", False),
    "earnings_taken_back": ("creator_earnings", False),
    "ad_to_review": ("review_queue", False),
    "post_ruled": ("operator_post", True),
    "ad_ruled": ("reported_posts", False),
    "password_reset_asked": ("operator_people", False),
    "setting_changed": ("house_settings", False),
    **dict.fromkeys(("account_suspended", "account_restored"), ("operator_accounts", False)),
    **dict.fromkeys(("ads_stopped", "ads_resumed"), ("delivery", False)),
}
"""Where a notice leads: the name of an address, and whether it is that of the notice's object."""
_ELSEWHERE: Final = {"creator": "creator_authorizations", "advertiser": "library", CENTER: "linked_accounts"}
"""Where notices about grants lead, by audience."""


@dataclass(frozen=True, slots=True)
class Box:
    """One inbox of the login."""

    key: str
    """As the address names it."""
    name: str
    audiences: tuple[Audience, ...]
    query: str = ""
    """What addresses of its console need."""
    kinds: frozenset[str] | None = None
    """Of what alone its reader is told; None: of everything."""


@for_person("GET", "POST")
def inbox(visit: Visit) -> HttpResponse:
    """Show one inbox of the login; POST: it was read, or digests are wanted by e-mail or not."""
    boxes = boxes_of(visit)
    key = visit.request.GET.get(OF, "") or boxes[0].key
    box = next((one for one in boxes if one.key == key), None)
    if box is None:
        raise Http404
    if visit.request.method == "POST":
        return _act(visit, box)
    rows, older = _rows(visit, box)
    asked = [one for each in boxes for one in each.audiences]
    kinds = {one: each.kinds for each in boxes for one in each.audiences if each.kinds is not None}
    unread = queries.count_unread(visit.person.id, asked, kinds=kinds)
    context = {
        "box": box,
        "boxes": [
            {
                "name": one.name,
                "url": f"?{urlencode({OF: one.key})}",
                "current": one.key == box.key,
                "count": sum(unread.get(audience, 0) for audience in one.audiences),
            }
            for one in boxes
        ],
        "rows": rows,
        "has_new": any(row["is_new"] for row in rows),
        "older": "" if older is None else f"?{urlencode({OF: box.key, BEFORE: older})}",
        "wants_mail": queries.wants_mail(visit.person.id),
        "can_mail": bool(notices.shown_email(visit.person.email)),
        "sends_mail": bool(settings.HOUSE.settings.email_url),
    }
    return frame.page(visit, "inbox.html", "inbox", context)


def boxes_of(visit: Visit) -> list[Box]:
    """Return the inboxes of a login, that of its viewer first."""
    found = [Box(VIEWER, _("You"), ((VIEWER, 0),))]
    if visit.creator is not None:
        found.append(Box("creator", f"@{visit.creator.handle}", (("creator", visit.creator.id),)))
    roles = {one.business_center_id: one.roles for one in visit.memberships}
    for one in visit.advertisers:
        kinds = kinds_told(roles[one.business_center_id])
        if kinds is None or kinds:
            audiences: tuple[Audience, ...] = (("advertiser", one.id), (CENTER, one.business_center_id))
            query = urlencode({ADVERTISER_PARAM: one.id})
            found.append(Box(str(one.id), one.name, audiences if kinds is None else audiences[:1], query, kinds))
    if visit.person.is_operator:
        found.append(Box("operator", _("Operator"), (OPERATOR,)))
    return found


def _act(visit: Visit, box: Box) -> HttpResponse:
    wish = visit.request.POST.get(WHAT, "")
    if wish == "read":
        for audience in box.audiences:
            upto = parse_id(visit.request.POST.get("upto", "")) or 0
            actions.mark_read(
                visit.means, person_id=visit.person.id, audience=audience[0], audience_id=audience[1], upto=upto
            )
    elif wish in {"mail", "no_mail"}:
        actions.want_mail(visit.means, person_id=visit.person.id, wants=wish == "mail")
        messages.success(
            visit.request,
            _("A digest comes by e-mail, at most once an hour.") if wish == "mail" else _("No digest comes any more."),
        )
    else:
        raise Http404
    return HttpResponseRedirect(f"{reverse('inbox')}?{urlencode({OF: box.key})}")


def _rows(visit: Visit, box: Box) -> tuple[list[dict[str, Any]], int | None]:
    """Return the rows of a box, newest first, and what to ask older ones by."""
    if box.key == VIEWER:
        seen = queries.read_to(visit.person.id, (VIEWER, 0))
        found = list_arrived(visit.means, viewer=find_watcher(visit.request), person_id=visit.person.id)
        return [_arrived(one, seen) for one in found], None
    before = parse_id(visit.request.GET.get(BEFORE, ""))
    pages = [outbox.list_notices(*one, after=before, kinds=box.kinds, limit=PAGE) for one in box.audiences]
    read = {one: queries.read_to(visit.person.id, one) for one in box.audiences}
    merged = sorted(
        ((notice, audience) for audience, page in zip(box.audiences, pages, strict=True) for notice in page.items),
        key=lambda pair: pair[0].id,
        reverse=True,
    )
    shown = merged[:PAGE]
    said = notices.in_words([notice for notice, _audience in shown])
    told = _Grants.of(box, [notice for notice, _audience in shown])
    rows = [
        {
            "id": notice.id,
            "at_ms": notice.at_ms,
            "text": told.with_campaigns(notice, text),
            "url": told.address(notice, box.query) or _where(notice, audience[0], box.query),
            "is_new": notice.id > read[audience],
        }
        for (notice, audience), text in zip(shown, said, strict=True)
        if text
    ]
    has_more = len(merged) > PAGE or any(page.after is not None for page in pages)
    return rows, shown[-1][0].id if has_more and shown else None


@dataclass(frozen=True, slots=True)
class _Grants:
    """Of an advertiser's notices about authorizations of posts: where each post is, and which campaigns show it."""

    posts: dict[int, int]
    """By grant."""
    bound: set[int]
    campaigns: dict[int, list[str]]

    @classmethod
    def of(cls, box: Box, shown: list[NoticeView]) -> _Grants:
        """Read what the notices of a box need; nothing for one that is no advertiser's. Cost: 3 queries at most."""
        grants = {one.object_id for one in shown if one.kind in notices.ABOUT_GRANTS}
        audience, advertiser_id = box.audiences[0]
        if audience != "advertiser" or not grants:
            return cls({}, set(), {})
        found = authorizations.posts_of_grants(grants)
        return cls(
            found,
            authorizations.find_bound(advertiser_id=advertiser_id, post_ids=found.values()),
            campaigns_on(advertiser_id=advertiser_id, post_ids=found.values()),
        )

    def _post_of(self, notice: NoticeView) -> int:
        return self.posts.get(notice.object_id, 0) if notice.kind in notices.ABOUT_GRANTS else 0

    def with_campaigns(self, notice: NoticeView, text: str) -> str:
        """Return what a notice says, with the campaigns that an end stops."""
        names = self.campaigns.get(self._post_of(notice), []) if notice.kind in _ENDS else []
        if not names:
            return text
        more = ["…"] if len(names) > CAMPAIGNS_NAMED else []
        return f"{text} {_('Campaigns with it: %(names)s') % {'names': ', '.join(names[:CAMPAIGNS_NAMED] + more)}}"

    def address(self, notice: NoticeView, query: str) -> str:
        """Return where the post is in the library; empty where it is not there any more."""
        post_id = self._post_of(notice)
        return f"{reverse('library_post', args=[post_id])}?{query}" if post_id in self.bound else ""


def _where(notice: NoticeView, audience: str, query: str) -> str:
    if notice.kind in _PLACES:
        name, has_object = _PLACES[notice.kind]
        url = reverse(name, args=[notice.object_id] if has_object else [])
    elif notice.kind.startswith("your_account_"):
        url = reverse("ads_home" if audience == "advertiser" else "creator_home")
    elif notice.kind.startswith("payout_"):
        url = reverse("finances" if audience == "operator" else "creator_earnings")
    elif audience == "creator" and "post_id" in notice.body:
        url = reverse("creator_post", args=[int(notice.body["post_id"])])
    else:
        url = reverse(_ELSEWHERE.get(audience, "journal"))
    return f"{url}?{query}" if query else url


def _arrived(one: Arrived, seen_ms: int) -> dict[str, Any]:
    title, language = one.title or _("A video"), formats.language_of(get_language())
    texts = {
        LOOKED: _("An operator looked at your pages, read only."),
        PUBLISHED: _("@%(who)s published “%(title)s”."),
        COMMENT_HIDDEN: _("Your comment “%(title)s” under a post of @%(who)s was hidden."),
        COMMENTED: _("Somebody said under your post: “%(title)s”"),
        LIKED: ngettext("%(count)s person liked “%(title)s”.", "%(count)s people liked “%(title)s”.", one.count),
        FOLLOWED: ngettext("%(count)s person follows you now.", "%(count)s people follow you now.", one.count),
    }
    if one.kind in {PUBLISHED, COMMENT_HIDDEN}:
        url = reverse("viewer_post", args=[one.handle, one.post_id])
    elif one.kind == LOOKED:
        url = reverse("account")
    elif one.post_id:
        url = reverse("creator_post", args=[one.post_id])
    else:
        url = reverse("creator_home")
    text = texts[one.kind] % {"who": one.handle, "title": title, "count": formats.integer(one.count, language)}
    return {
        "id": one.at_ms,
        "at_ms": one.at_ms,
        "text": f"{text} {_('Why: %(reason)s') % {'reason': one.reason}}" if one.reason else text,
        "url": url,
        "is_new": one.at_ms > seen_ms,
    }
