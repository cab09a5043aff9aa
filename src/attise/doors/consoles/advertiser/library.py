"""Spark Ads posts: the library of an advertiser, and the dialog that puts posts into it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, grants, paging, pictures, promoted, telling, three_counts, words
from attise.doors.consoles.advertiser.assistant import choosing
from attise.doors.consoles.advertiser.assistant.page import BEGUN_FROM
from attise.doors.consoles.advertiser.pasted import Verdicts, apply, codes_of, look_up
from attise.doors.consoles.gate import for_member, go_to
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.kernel.limits import CODES_AT_ONCE
from attise.management.accounts.rules import Permission
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import BoundPost, IdentityView
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

PASTED_CHARACTERS = 10_000
CODES, ACCOUNTS = "codes", "comptes"


@for_member(Permission.READ, "GET")
def library(visit: AdvertiserVisit) -> HttpResponse:
    """List the posts that may be shown as ads; ``?dialog=codes`` opens the dialog without scripts."""
    return _show(visit)


def _show(
    visit: AdvertiserVisit, *, request_context: dict[str, Any] | None = None, dialog: str = "", status: int = 200
) -> HttpResponse:
    given = visit.request.GET
    source = ACCOUNTS if given.get("source") == ACCOUNTS else CODES
    identities = _usable_accounts(visit)
    context: dict[str, Any] = {
        "source": source,
        "accounts_total": len(identities),
        "can_apply": visit.can(Permission.APPLY_CODES),
        "reserved": words.reserved_for(Permission.APPLY_CODES),
        "dialog": dialog or given.get("dialog", ""),
        **(request_context or _empty_request()),
    }
    context |= _by_account(visit, identities) if source == ACCOUNTS else _by_code(visit)
    return frame.page(visit, "advertiser/library.html", "library", context, status=status)


def _empty_request() -> dict[str, Any]:
    return {"pasted": "", "most": CODES_AT_ONCE, "verdicts": None, "complaint": ""}


# ---- the list


def _by_code(visit: AdvertiserVisit) -> dict[str, Any]:
    given = visit.request.GET
    keyword = given.get("q", "").replace("\x00", "").strip()[:100]  # PostgreSQL takes no NUL in a text
    found = queries.list_bound_posts(
        visit.means,
        advertiser_id=visit.advertiser.id,
        keyword=keyword,
        page=paging.number_of(visit.request),
        page_size=paging.PAGE,
    )
    new = {parse_id(one) for one in given.get("ajout", "").split(",")}
    return {
        "rows": [_row(visit, one, is_new=one.post.id in new) for one in found.items],
        "keyword": keyword,
        "total": found.total,
        "pager": paging.pager(found, {"q": keyword} if keyword else {}),
    }


def _row(visit: AdvertiserVisit, one: BoundPost, *, is_new: bool = False) -> dict[str, Any]:
    card = grants.card(one.authorization, visit.means.clock.world_ms())
    unavailable = grants.refusal_of(one.post) if card.is_live else ""
    return {
        "post": one.post,
        "title": pictures.first_line(one.post),
        "cover_url": pictures.cover_of(visit.means, one.post),
        "card": card,
        "status": "post_unavailable" if unavailable else card.status,
        "unavailable": unavailable,
        "method": words.METHODS["AUTH_CODE"],
        "is_new": is_new,
    }


def _usable_accounts(visit: AdvertiserVisit) -> list[IdentityView]:
    page = queries.list_identities(visit.means, advertiser_id=visit.advertiser.id, page_size=200)
    return [one for one in page.items if one.identity_type != "AUTH_CODE" and one.is_available and one.can_pull]


def _by_account(visit: AdvertiserVisit, identities: list[IdentityView]) -> dict[str, Any]:
    """Return the posts of one linked account: the one named, else the first."""
    named = visit.request.GET.get("de", "")
    chosen = next((one for one in identities if str(one.creator_id) == named), next(iter(identities), None))
    after = parse_id(visit.request.GET.get("apres", ""))
    rows: list[dict[str, Any]] = []
    following = ""
    if chosen is not None:
        is_own = chosen.identity_type == "TT_USER"
        page = posts.list_posts_of_creator(
            chosen.creator_id, after=after, limit=paging.PAGE, only_public=not is_own, states=["live"]
        )
        rows = [_account_row(visit, post, chosen) for post in page.items]
        if page.after is not None:
            following = "?" + urlencode({"source": ACCOUNTS, "de": chosen.creator_id, "apres": page.after})
    return {"rows": rows, "accounts": identities, "chosen": chosen, "next": following, "is_first": after is None}


def _may_see(post: PostView, identity: IdentityView) -> bool:
    """Tell whether a brand with access sees a post: what everyone may see, or all when the account is its own.

    What is shown in ads alone was made for one brand, and is no other's to look at.
    """
    return post.is_public or identity.identity_type == "TT_USER"


def _account_row(visit: AdvertiserVisit, post: PostView, identity: IdentityView) -> dict[str, Any]:
    unavailable = grants.refusal_of(post)
    return {
        "post": post,
        "title": pictures.first_line(post),
        "cover_url": pictures.cover_of(visit.means, post),
        "card": None,
        "status": "post_unavailable" if unavailable else "auth_bound",
        "unavailable": unavailable,
        "method": words.METHODS[identity.identity_type],
        "is_new": False,
    }


# ---- the dialog


@for_member(Permission.READ, "GET", "POST", act=Permission.APPLY_CODES)
def codes(visit: AdvertiserVisit) -> HttpResponse:
    """Look codes up, then put their posts into the library."""
    if visit.request.method == "GET":
        return HttpResponseRedirect(reverse("library") + "?dialog=codes")
    given = visit.request.POST
    confirms = given.get("act") == "confirm"
    pasted = given.get("codes", "")[:PASTED_CHARACTERS]
    listed = list(dict.fromkeys(given.getlist("good"))) if confirms else codes_of(pasted)
    complaint = _complaint(listed)
    if complaint:
        return _answer(visit, pasted, None, complaint, status=422)
    try:
        verdicts = apply(visit, listed) if confirms else look_up(visit, listed)
    except Refusal as refusal:
        if "retry_after_s" not in refusal.params:
            raise
        response = _answer(visit, pasted, None, telling.sentence(refusal), status=429)
        response.headers["Retry-After"] = str(refusal.params["retry_after_s"])
        return response
    if confirms and not verdicts.refused:
        return _to_library(visit, verdicts)
    return _answer(visit, pasted, verdicts, "", status=200)


def _complaint(listed: list[str]) -> str:
    if not listed:
        return _("Paste at least one code.")
    if len(listed) > CODES_AT_ONCE:
        return _("%(count)s codes, at most %(most)s at once.") % {"count": len(listed), "most": CODES_AT_ONCE}
    return ""


def _answer(
    visit: AdvertiserVisit, pasted: str, verdicts: Verdicts | None, complaint: str, *, status: int
) -> HttpResponse:
    """Return the form with its results: alone when a script asked for it, else the whole page with the dialog open."""
    context = {"pasted": pasted, "most": CODES_AT_ONCE, "verdicts": verdicts, "complaint": complaint}
    if visit.request.headers.get("HX-Request"):
        whole = {"visit": visit, "can_apply": True, **context}
        return render(visit.request, "consoles/advertiser/parts/codes_form.html", whole, status=status)
    return _show(visit, request_context=context, dialog=CODES, status=status)


def _to_library(visit: AdvertiserVisit, verdicts: Verdicts) -> HttpResponse:
    """Go to the library, where what was added is marked."""
    count = len(verdicts.added)
    said = ngettext("%(count)s post added to your library.", "%(count)s posts added to your library.", count) % {
        "count": count
    }
    messages.success(visit.request, said)
    address = reverse("library") + "?" + urlencode({"ajout": ",".join(str(one) for one in verdicts.added)}, safe=",")
    return go_to(visit.request, address)


# ---- one post


@for_member(Permission.READ, "GET")
def library_post(visit: AdvertiserVisit, post_id: int) -> HttpResponse:
    """Show a post of the library: the video, until when, and what the creator asks."""
    found = queries.find_bound_post(visit.means, advertiser_id=visit.advertiser.id, post_id=post_id)
    if found is None:
        identity = _account_of(visit, post_id)
        post = None if identity is None else posts.find_post(post_id)
        if identity is None or post is None:
            raise Http404
        row = _account_row(visit, post, identity)
        terms: list[tuple[str, str]] = []
    else:
        row, post = _row(visit, found), found.post
        terms = grants.terms_in_words(found.authorization.terms)
    context = {
        "row": row,
        "post": post,
        "name": row["title"],
        "player": pictures.player_of(visit.means, post),
        "terms": terms,
        "mask": found.authorization.code_mask if found else "",
        "bound_at_ms": found.bound_at_ms if found else None,
        "can_remove": found is not None and not row["card"].is_live,
        "can_apply": visit.can(Permission.APPLY_CODES),
        "reserved": words.reserved_for(Permission.APPLY_CODES),
        "uses": _uses_of(visit, post),
        "reserved_uses": "" if visit.can(Permission.EDIT_CAMPAIGNS) else words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "export_url": reverse("export_library_counts", args=[post.id]),
        **three_counts.of(post.id, advertiser_id=visit.advertiser.id),
        **promoted.of(
            post,
            now_ms=visit.means.clock.world_ms(),
            zone=visit.advertiser.timezone,
            advertiser_id=visit.advertiser.id,
        ),
    }
    return frame.page(visit, "advertiser/library_post.html", "library", context)


def _uses_of(visit: AdvertiserVisit, post: PostView) -> dict[str, str]:
    """Return where a post that may be shown now is put to use: a campaign of it, and a boost where all may see it."""
    if choosing.post_of(visit, post.id) is None:
        return {}
    campaign = f"{reverse('assistant')}?{urlencode({BEGUN_FROM: post.id})}"
    return {"campaign": campaign, "boost": reverse("boost_post", args=[post.id]) if post.is_public else ""}


@for_member(Permission.EXPORT, "GET")
def export_counts(visit: AdvertiserVisit, post_id: int) -> HttpResponseBase:
    """Answer what the counts of a post of the library are counted from, with the advertiser's own ads, as CSV."""
    found = queries.find_bound_post(visit.means, advertiser_id=visit.advertiser.id, post_id=post_id)
    if found is None and _account_of(visit, post_id) is None:
        raise Http404
    return three_counts.export(
        post_id,
        form="fr" if get_language() == "fr" else "intl",
        day=three_counts.day_of(visit.means.clock.world_ms()),
        advertiser_id=visit.advertiser.id,
    )


def _account_of(visit: AdvertiserVisit, post_id: int) -> IdentityView | None:
    """Return the linked account that a post is of, if the advertiser may see the post."""
    post = posts.find_post(post_id)
    if post is None or post.state != "live":
        return None
    for identity in _usable_accounts(visit):
        if identity.creator_id == post.creator_id and _may_see(post, identity):
            return identity
    return None


@for_member(Permission.READ, "POST", act=Permission.APPLY_CODES)
def remove(visit: AdvertiserVisit, post_id: int) -> HttpResponse:
    """Remove from the library a post whose authorization is over."""
    actions.unbind(visit.means, visit.actor, advertiser_id=visit.advertiser.id, post_id=post_id)
    messages.success(visit.request, _("Removed from your library."))
    return HttpResponseRedirect(reverse("library"))
