"""A creator's own account: authorize posts for ads, list them, tell the account.

A post's code is told once, by the call that makes it; later only masked, as everywhere else.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Call, CreatorAccount, Data, Params, endpoint
from attise.doors.marketing_api.links import poster_of
from attise.doors.marketing_api.wire import errors, lists
from attise.doors.marketing_api.wire.kinds import Between, Id, Items
from attise.doors.marketing_api.wire.times import entity_time
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.limits import DEFAULT_GRANT_DAYS
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.views import AuthorizationView
from attise.management.outbox.actions import unit, verb
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

SPARK = CreatorAccount("biz.spark.auth")
VIDEOS = CreatorAccount("video.list")
PROFILE = CreatorAccount("user.info.basic")
Days = Literal[7, 30, 60, 365]
SPELLED = {"post_id": "item_id", "days": "authorization_days"}
CODE_STATUS = {"issued": "NOT_USED", "bound": "IN_USE", "expired": "EXPIRED", "revoked": "DELETED"}
GRANTS_READ = 100


class _Switch(Params):
    business_id: Id
    item_id: Id
    is_ad_promotable: bool
    authorization_days: Days = DEFAULT_GRANT_DAYS


@endpoint("POST", "business/post/authorize/setting", needs=SPARK, spelled=SPELLED)
def switch(call: Call, params: _Switch) -> Data:
    """Switch a post's authorization for ads on, which makes a code, or off, which revokes at once.

    Switching on what is on changes nothing and makes no second code.
    """
    post = own_post(call, params.item_id)
    live = _live_grants(call, post)
    if not params.is_ad_promotable:
        _revoke(call.means, call, live)
        return _status(call, post)
    if live:
        return _status(call, post)
    grant, code = actions.grant_post(
        call.means, call.actor, creator_id=call.creator_id, post_id=post.id, days=params.authorization_days
    )
    return _told(post, grant, code)


class _Item(Params):
    business_id: Id
    item_id: Id


@endpoint("GET", "business/post/authorize/status", needs=SPARK)
def tell_status(call: Call, params: _Item) -> Data:
    """Tell how a post's newest code stands; all null when it never had one."""
    return _status(call, own_post(call, params.item_id))


class _Extend(Params):
    business_id: Id
    item_id: Id
    authorization_days: Days = DEFAULT_GRANT_DAYS


@endpoint("POST", "business/post/authorize", needs=SPARK, spelled={**SPELLED, "authorization_id": "item_id"})
def extend(call: Call, params: _Extend) -> Data:
    """Add days to the end of a post's newest live code."""
    live = _live_grants(call, own_post(call, params.item_id))
    if not live:
        raise Refusal(errors.NO_CODE_YET, field="item_id")
    actions.extend(
        call.means,
        call.actor,
        creator_id=call.creator_id,
        authorization_id=live[0].id,
        days=params.authorization_days,
    )
    return {}


@endpoint("POST", "business/post/authorize/delete", needs=SPARK)
def delete(call: Call, params: _Item) -> Data:
    """Revoke a post's codes at once; deleting what is deleted changes nothing."""
    post = own_post(call, params.item_id)
    if not _grants(call, post):
        raise Refusal(errors.NO_CODE_YET, field="item_id")
    _revoke(call.means, call, _live_grants(call, post))
    return {}


class _VideoFilters(Params):
    video_ids: Annotated[list[Id], Items(1, 20)] | None = None
    ad_post_only: bool = False


class _ListVideos(Params):
    business_id: Id
    fields: list[str] | None = None
    filters: _VideoFilters = _VideoFilters()
    cursor: Id | None = None
    max_count: Annotated[int, Between(1, 20)] = 10


VIDEO_FIELDS = ("item_id", "caption", "create_time", "thumbnail_url", "video_duration", "is_ad")
"""What can be told of a post before anything of it is counted."""


@endpoint("GET", "business/video/list", needs=VIDEOS)
def list_videos(call: Call, params: _ListVideos) -> Data:
    """List the account's own posts, newest first; without ``fields``, their ids alone."""
    after = params.cursor or None
    if params.filters.video_ids is not None:
        found = [one for one in posts.list_posts(params.filters.video_ids) if _is_own(call, one)]
        after = None
    else:
        page = posts.list_posts_of_creator(call.creator_id, after=after, limit=params.max_count)
        found, after = page.items, page.after
    if params.filters.ad_post_only:
        found = [one for one in found if one.ads_only]
    rows = [_video_row(call, one) for one in found]
    return {
        "videos": lists.select(rows, known=VIDEO_FIELDS, fields=params.fields or ["item_id"]),
        "cursor": after or 0,
        "has_more": after is not None,
    }


class _ReadAccount(Params):
    business_id: Id
    fields: list[str] | None = None


ACCOUNT_FIELDS = ("username", "display_name", "bio_description", "profile_image", "is_business_account")


@endpoint("GET", "business/get", needs=PROFILE)
def read_account(call: Call, params: _ReadAccount) -> Data:
    """Tell the account's profile."""
    view = accounts.get_creator(call.creator_id)
    row = {
        "username": view.handle,
        "display_name": view.display_name,
        "bio_description": view.bio,
        "profile_image": "",
        "is_business_account": view.is_business,
    }
    (selected,) = lists.select([row], known=ACCOUNT_FIELDS, fields=params.fields)
    return selected


def _is_own(call: Call, post: PostView) -> bool:
    return post.creator_id == call.creator_id and post.state != "deleted"


def own_post(call: Call, item_id: int) -> PostView:
    """Return a post of the account. Raises: ``not_found``."""
    post = posts.find_post(item_id)
    if post is None or not _is_own(call, post):
        raise Refusal(NOT_FOUND, field="item_id")
    return post


def _grants(call: Call, post: PostView) -> list[AuthorizationView]:
    """Return the grants of a post, newest first."""
    return queries.list_authorizations(call.means, post_id=post.id, limit=GRANTS_READ).items


def _live_grants(call: Call, post: PostView) -> list[AuthorizationView]:
    return [grant for grant in _grants(call, post) if grant.state.is_live]


@verb
def _revoke(means: Means, call: Call, grants: list[AuthorizationView]) -> None:
    """Revoke grants at once, all of them or none."""
    with unit(means):
        for grant in grants:
            actions.revoke(means, call.actor, creator_id=call.creator_id, authorization_id=grant.id, when="now")


def _status(call: Call, post: PostView) -> dict[str, Any]:
    grants = _grants(call, post)
    if not grants:
        return {
            "item_id": str(post.id),
            "auth_code": None,
            "auth_code_start_time": None,
            "auth_code_end_time": None,
            "authorization_days": None,
            "auth_code_status": None,
        }
    newest = next((grant for grant in grants if grant.state.is_live), grants[0])
    return _told(post, newest, newest.code_mask)


def _told(post: PostView, grant: AuthorizationView, code: str) -> dict[str, Any]:
    return {
        "item_id": str(post.id),
        "auth_code": code,
        "auth_code_start_time": entity_time(grant.starts_at_ms),
        "auth_code_end_time": entity_time(grant.ends_at_ms),
        "authorization_days": grant.days,
        "auth_code_status": CODE_STATUS[grant.state],
    }


def _video_row(call: Call, post: PostView) -> dict[str, Any]:
    media = post.media
    return {
        "item_id": str(post.id),
        "caption": post.caption,
        "create_time": str(post.published_at_ms // 1000),
        "thumbnail_url": None if media is None else poster_of(call, media),
        "video_duration": None if media is None else media.duration_ms / 1000,
        "is_ad": post.ads_only,
    }
