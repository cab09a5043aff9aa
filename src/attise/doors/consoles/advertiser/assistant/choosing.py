"""The posts that an ad may show: those that can be used now, and the others with why not; and the preview of one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import grants, pictures
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.consoles.words import initials
from attise.doors.site import formats
from attise.kernel.ids import parse_id
from attise.management.authorizations.queries import find_usable, list_bound_posts, list_identities
from attise.management.authorizations.views import Usable
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView
from attise.measurement.counters.queries import counts_of
from attise.records.lookups import call_to_actions

SHOWN = 50
ACCOUNTS, OF_ACCOUNT = 10, 12
"""Linked accounts whose posts are offered, and how many of each."""


def offered(visit: AdvertiserVisit, chosen: int | None, ends_at_ms: int | None) -> dict[str, list[dict[str, Any]]]:
    """Return the posts to choose from, and those that cannot be used now, each with why.

    ``ends_at_ms`` is when the campaign would end: an authorization that ends before says so. Cost: 13 queries, one more
    for each linked account.
    """
    bound = list_bound_posts(visit.means, advertiser_id=visit.advertiser.id, page_size=SHOWN).items
    shown = {one.post.id: one.post for one in bound} | {post.id: post for post in _of_accounts(visit)}
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=list(shown))
    why = {one.post.id: grants.refusal_of(one.post) for one in bound}
    open_ones, closed = [], []
    for post in shown.values():
        row = {
            "post": post,
            "title": pictures.first_line(post),
            "cover_url": pictures.cover_of(visit.means, post),
            "checked": post.id == chosen,
            "ends_at_ms": _end_of(usable.get(post.id)),
        }
        if post.id in usable and post.is_public:
            row["ends_early"] = _ends_early(row["ends_at_ms"], ends_at_ms)
            open_ones.append(row)
        else:
            closed.append({**row, "why": why.get(post.id) or _("The authorization is over.")})
    return {"posts": open_ones, "closed_posts": closed}


def chosen_post(visit: AdvertiserVisit, body: dict[str, Any]) -> tuple[PostView, Usable] | None:
    """Return the post of a draft with the identity by which it may be used now, or None: none, or it may not."""
    post_id = parse_id(str(body.get("post_id", "")))
    post = None if post_id is None else posts.find_post(post_id)
    if post is None or not post.is_public:
        return None
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[post.id]).get(post.id)
    return None if usable is None else (post, usable)


def preview_of(visit: AdvertiserVisit, post: PostView, body: dict[str, Any]) -> dict[str, Any]:
    """Return the post as viewers would see it with the ad: what ``viewer/parts/reel.html`` draws."""
    counts = counts_of(post.id)
    button = call_to_actions.find(str(body.get("call_to_action", "")))
    french = formats.language_of(get_language()) == formats.FRENCH
    return {
        "post": post,
        "cover_url": pictures.cover_of(visit.means, post),
        "initials": initials(post.creator_display_name),
        "advertiser": _("Advertiser: {who}").format(who=visit.advertiser.name),
        "call": "" if button is None else button.name_fr if french else button.name_en,
        "card": {name: counts.of(name).total for name in ("likes", "comments", "saves", "shares")},
    }


def _of_accounts(visit: AdvertiserVisit) -> list[PostView]:
    """Return the newest public posts of linked accounts."""
    found = list_identities(visit.means, advertiser_id=visit.advertiser.id, page_size=SHOWN).items
    linked = [one for one in found if one.identity_type != "AUTH_CODE" and one.is_available and one.can_pull]
    return [
        post
        for one in linked[:ACCOUNTS]
        for post in posts.list_posts_of_creator(one.creator_id, limit=OF_ACCOUNT).items
        if post.is_public
    ]


def _end_of(usable: Usable | None) -> int | None:
    return None if usable is None or usable.authorization is None else usable.authorization.ends_at_ms


def _ends_early(ends_at_ms: int | None, campaign_ends_ms: int | None) -> bool:
    return ends_at_ms is not None and campaign_ends_ms is not None and ends_at_ms < campaign_ends_ms
