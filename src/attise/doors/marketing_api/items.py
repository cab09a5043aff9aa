"""How a post is told in the dialect, where it is called an item.

Two spellings of the same facts: ``tt_video`` nests them, ``identity/video`` lays them flat. Links to the file are made
only for an advertiser whose grant lives and while the post is there to be seen.
"""

from __future__ import annotations

from typing import Any

from attise.doors.marketing_api.endpoint import Call
from attise.doors.marketing_api.links import picture_of, poster_of, preview_of
from attise.doors.marketing_api.wire.times import entity_time, iso_time
from attise.kernel.limits import DAY_MS
from attise.management.authorizations.views import AuthorizationView
from attise.management.posts.views import MediaView, PictureView, PostView

CAROUSEL_LINK_LIFE_MS = 90 * DAY_MS
STATUS_BY_VISIBILITY = {
    "public": "HESITATE_RECOMMEND",
    "followers": "ONLY_FRIEND_SEE",
    "private": "ONLY_AUTHOR_SEE",
}
STATUS_BY_STATE = {
    "processing": "REVIEW_PENDING",
    "in_review": "REVIEW_PENDING",
    "hidden": "ONLY_USER_PASS",
    "removed": "AUDIT_DELETE",
    "deleted": "USER_DELETE",
}
FLAT_STATUS = {
    "HESITATE_RECOMMEND": "ITEM_STATUS_HESITATE_RECOMMEND",
    "ONLY_FRIEND_SEE": "STATUS_ONLY_FRIEND_SEE",
    "ONLY_AUTHOR_SEE": "ITEM_STATUS_ONLY_AUTHOR_SEE",
}
GRANT_STATUS = {"issued": "AUTHORIZED", "bound": "AUTHORIZED", "expired": "EXPIRED", "revoked": "CANCELED"}


def type_of(post: PostView) -> str:
    """Return ``CAROUSEL`` for a photo post, ``VIDEO`` for any other."""
    return "CAROUSEL" if post.format == "carousel" else "VIDEO"


def status_of(post: PostView) -> str:
    """Return where the post stands, as ``tt_video`` says it: its author, its state, then who may see it."""
    if post.creator_state != "active":
        return "USER_DELETE"
    if post.state in STATUS_BY_STATE:
        return STATUS_BY_STATE[post.state]
    return "ONLY_AUTHOR_SEE" if post.ads_only else STATUS_BY_VISIBILITY[post.visibility]


def nested(
    call: Call,
    post: PostView,
    grant: AuthorizationView,
    *,
    code: str,
    identity_id: str | None,
) -> dict[str, Any]:
    """Return a post applied by code, or about to be, as ``tt_video`` nests it."""
    shown = grant.state.is_live and post.is_live
    return {
        "item_info": {"item_id": str(post.id), **_said(call, post, shown=shown, code=code), "status": status_of(post)},
        "auth_info": {
            "ad_auth_status": GRANT_STATUS[grant.state],
            "auth_start_time": entity_time(grant.starts_at_ms),
            "auth_end_time": entity_time(grant.ends_at_ms),
            "invite_start_time": entity_time(grant.created_at_ms),
        },
        "user_info": {
            "identity_id": identity_id,
            "identity_type": "AUTH_CODE",
            "tiktok_name": post.creator_display_name,
        },
        "video_info": _video(call, post, shown=shown),
    }


def flat(call: Call, post: PostView, *, grant: AuthorizationView | None, code: str | None) -> dict[str, Any]:
    """Return a post of an identity, as ``identity/video`` lays it out; ``grant`` is that of its code, if any."""
    shown = post.is_live and (grant is None or grant.state.is_live)
    status = status_of(post)
    video = _video(call, post, shown=shown)
    if video is not None:
        video["url"] = video.pop("preview_url")
    return {
        "item_id": str(post.id),
        **_said(call, post, shown=shown, code=code),
        "status": FLAT_STATUS.get(status, f"ITEM_STATUS_{status}"),
        "auth_info": None
        if grant is None
        else {
            "ad_auth_status": GRANT_STATUS[grant.state],
            "auth_start_time": iso_time(grant.starts_at_ms),
            "auth_end_time": iso_time(grant.ends_at_ms),
            "invite_start_time": iso_time(grant.created_at_ms),
        },
        "video_info": video,
    }


def _said(call: Call, post: PostView, *, shown: bool, code: str | None) -> dict[str, Any]:
    origin = None if post.of_post_id is None else str(post.of_post_id)
    return {
        "item_type": type_of(post),
        "text": post.caption,
        "auth_code": code,
        "stitch_original_item_id": origin if post.format == "stitch" else None,
        "duet_original_item_id": origin if post.format == "duet" else None,
        "is_multi_duet_stitch": post.of_post_format in ("duet", "stitch"),
        "mentioned_item_ids": [],
        "anchor_list": None,
        "carousel_info": _carousel(call, post, shown=shown),
    }


def _carousel(call: Call, post: PostView, *, shown: bool) -> dict[str, Any] | None:
    if type_of(post) != "CAROUSEL" or post.media is None:
        return None
    media = post.media
    if media.kind != "image":  # a carousel that is a film shows its cover
        return {"image_info": [_picture(str(media.id), media, _poster(call, media, shown=shown))], "music_info": None}
    return {
        "image_info": [
            _picture(
                str(media.id) if number == 0 else f"{media.id}-{number}",
                picture,
                picture_of(call, media, picture, CAROUSEL_LINK_LIFE_MS) if shown else None,
            )
            for number, picture in enumerate(media.pictures)
        ],
        "music_info": None,
    }


def _poster(call: Call, media: MediaView, *, shown: bool) -> str | None:
    return poster_of(call, media, CAROUSEL_LINK_LIFE_MS) if shown else None


def _picture(image_id: str, sides: MediaView | PictureView, url: str | None) -> dict[str, Any]:
    return {"image_id": image_id, "image_url": url, "image_height": sides.height, "image_width": sides.width}


def _video(call: Call, post: PostView, *, shown: bool) -> dict[str, Any] | None:
    if type_of(post) != "VIDEO" or post.media is None:
        return None
    media = post.media
    return {
        "video_id": video_id_of(media),
        "file_name": media.file_name,
        "duration": media.duration_ms / 1000,
        "width": media.width,
        "height": media.height,
        "size": media.size_bytes,
        "bit_rate": media.bit_rate,
        "signature": media.signature_md5,
        "format": media.file_name.rpartition(".")[2],
        "poster_url": poster_of(call, media) if shown else None,
        "preview_url": preview_of(call, media) if shown else None,
    }


def video_id_of(media: MediaView) -> str:
    """Return the name of a post's video, which no endpoint of files takes."""
    return f"v{media.id}"
