"""What an ad may show: posts that can be used now, the others with why not, and the videos that were imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from attise.doors.consoles import grants, pictures
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.ids import parse_id
from attise.management.authorizations.queries import find_usable, list_bound_posts, list_identities
from attise.management.authorizations.views import IdentityView, Usable
from attise.management.campaigns.rules.creative import BY_ACCESS, OWN
from attise.management.library import queries as library
from attise.management.library.views import VideoView
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

SHOWN: Final = 50
ACCOUNTS, OF_ACCOUNT = 10, 12
"""Linked accounts whose posts are offered, and how many of each."""
VIDEOS: Final = 24
"""Imported videos that are offered, the newest."""
POST, PUSH, STANDARD = "post", "push", "standard"
"""What an ad shows: a post, a video published on an account for it, a video under the brand's name."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a draft shows, which may be used now."""

    kind: str
    post: PostView | None = None
    usable: Usable | None = None
    """Of a post."""
    video: VideoView | None = None
    account: IdentityView | None = None
    """On which a video is published."""

    @property
    def is_private(self) -> bool:
        """Whether it is a private post of the advertiser's own account, which a launch opens."""
        return self.post is not None and not self.post.is_public and not self.post.ads_only


def is_spark(body: dict[str, Any]) -> bool:
    """Tell whether a draft delivers as a creator's account, which is usual; else it is a standard ad."""
    return bool(body.get("spark", True))


def chosen(visit: AdvertiserVisit, body: dict[str, Any]) -> Chosen | None:
    """Return what a draft shows, or None: nothing was chosen, or it may not be shown (any more). Cost: 11 queries."""
    named = str(body.get("shown", ""))
    post_id = parse_id(named)
    if post_id is not None:
        return post_of(visit, post_id) if is_spark(body) else None
    found = library.list_videos(visit.advertiser.id, [named]) if named else []
    if not found:
        return None
    if not is_spark(body):
        return Chosen(STANDARD, video=found[0])
    accounts = {one.identity_id: one for one in accounts_of(visit) if one.can_push}
    account = accounts.get(str(body.get("account", "")))
    return None if account is None else Chosen(PUSH, video=found[0], account=account)


def post_of(visit: AdvertiserVisit, post_id: int) -> Chosen | None:
    """Return a post as what an ad shows, or None: it may not be shown (any more)."""
    post = posts.find_post(post_id)
    if post is None:
        return None
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=[post.id]).get(post.id)
    return None if usable is None or not _is_open(post, usable) else Chosen(POST, post, usable)


def _is_open(post: PostView, usable: Usable) -> bool:
    """Tell whether an ad may show a post: everyone sees it, it is for ads alone, or it is private and one's own."""
    return post.is_live and (post.is_public or post.ads_only or usable.identity_type == OWN)


def accounts_of(visit: AdvertiserVisit) -> list[IdentityView]:
    """Return the accounts that are open to the advertiser without a code, its own first. Cost: 6 queries.

    Each sort is asked for by itself: of an advertiser with many codes, the newest identities are nothing but those.
    """
    owner, found = visit.advertiser.id, list[IdentityView]()
    for sort in (OWN, BY_ACCESS):
        found += list_identities(visit.means, advertiser_id=owner, identity_type=sort, page_size=SHOWN).items
    return [one for one in found if one.is_available][:ACCOUNTS]


def offered(visit: AdvertiserVisit, body: dict[str, Any], ends_at_ms: int | None) -> dict[str, Any]:
    """Return what there is to choose from, by where it comes from, and the posts that cannot be used, each with why.

    What the draft shows is first, then posts by code, the newest code first. ``ends_at_ms`` is when the campaign would
    end: an authorization that ends before says so. Cost: 20 queries, one more for each linked account.
    """
    accounts = accounts_of(visit)
    bound = list_bound_posts(visit.means, advertiser_id=visit.advertiser.id, page_size=SHOWN).items
    of_accounts = [post for one in accounts if one.can_pull for post in _newest(one)]
    shown = {post.id: post for post in (*(one.post for one in bound), *of_accounts)}
    usable = find_usable(visit.means, advertiser_id=visit.advertiser.id, post_ids=list(shown))
    own, open_ones, closed = [], [], []
    for post in shown.values():
        by = usable.get(post.id)
        row = _row(visit, post, by, body, ends_at_ms)
        why = grants.refusal_of(post)
        if by is not None and _is_open(post, by) and (not why or row["is_private"]):
            (own if by.identity_type == OWN else open_ones).append(row)
        else:
            closed.append({**row, "why": why or _("The authorization is over.")})
    videos = library.search_videos(visit.advertiser.id, page_size=VIDEOS).items
    return {
        "own_posts": _chosen_first(own),
        "posts": _chosen_first(open_ones),
        "closed_posts": closed,
        "videos": [_video(visit, one, body) for one in videos],
        "publishers": [one for one in accounts if one.can_push],
        "has_own": any(one.identity_type == OWN for one in accounts),
    }


def _chosen_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: not row["checked"])


def _newest(account: IdentityView) -> list[PostView]:
    """Return the newest posts of a linked account; of others than one's own, those that everyone may see."""
    found = posts.list_posts_of_creator(account.creator_id, limit=OF_ACCOUNT).items
    return found if account.identity_type == OWN else [one for one in found if one.is_public or one.ads_only]


def _row(
    visit: AdvertiserVisit, post: PostView, usable: Usable | None, body: dict[str, Any], ends_at_ms: int | None
) -> dict[str, Any]:
    until_ms = None if usable is None or usable.authorization is None else usable.authorization.ends_at_ms
    return {
        "id": str(post.id),
        "post": post,
        "title": pictures.first_line(post),
        "cover_url": pictures.cover_of(visit.means, post),
        "checked": str(post.id) == str(body.get("shown", "")),
        "ends_at_ms": until_ms,
        "ends_early": until_ms is not None and ends_at_ms is not None and until_ms < ends_at_ms,
        "is_private": post.visibility != "public" and not post.ads_only,
    }


def _video(visit: AdvertiserVisit, video: VideoView, body: dict[str, Any]) -> dict[str, Any]:
    player = pictures.player_of_media(visit.means, video.media, video.file_name)
    return {
        "id": video.video_id,
        "title": video.file_name,
        "cover_url": None if player is None else player["cover_url"],
        "checked": video.video_id == body.get("shown", ""),
        "view": video,
    }
