"""A creator's program publishes a video from an address: fetched once, kept here, live like any other post.

``share_id``, which the dialect answers, is the post's own id: whatever takes an ``item_id`` takes it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings

from attise.doors.marketing_api.endpoint import Call, CreatorAccount, Data, Params, endpoint
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Id, Length, NotOffered
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import CAPTION_CHARACTERS
from attise.management.posts import actions
from attise.management.posts.rules import PostDraft

Privacy = Literal["PUBLIC_TO_EVERYONE", "FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
VISIBILITY: dict[str, str] = {
    "PUBLIC_TO_EVERYONE": "public",
    "FOLLOWER_OF_CREATOR": "followers",
    "SELF_ONLY": "private",
}
NO_FRIENDS = N_("posts are shown to everyone, to followers or to their author alone here, not to friends")
TWO_PRIVACIES = N_("it says otherwise than privacy")
SPELLED = {
    "file": "video_url",
    "media_url": "video_url",
    "creator_id": "business_id",
    "caption": "post_info.caption",
    "visibility": "post_info.privacy_level",
}


class _PostInfo(Params):
    caption: Annotated[str, Length(0, CAPTION_CHARACTERS)] = ""
    privacy_level: Privacy | None = None
    privacy: Privacy | None = None
    """The same, by its other name."""
    disable_comment: bool = False
    disable_duet: bool = False
    disable_stitch: bool = False
    is_brand_organic: bool = False
    is_branded_content: bool = False
    is_ads_only: bool = False
    is_ai_generated: NotOffered = None
    upload_to_draft: NotOffered = None


class _Publish(Params):
    business_id: Id
    video_url: Annotated[str, Length(1, 2_048)]
    post_info: _PostInfo = _PostInfo()


@endpoint("POST", "business/video/publish", needs=CreatorAccount("video.publish"), spelled=SPELLED)
def publish(call: Call, params: _Publish) -> Data:
    """Publish the video at an address, fetched once; it is shown to everyone unless asked otherwise.

    Whoever declares a commercial purpose, their own or a brand's, has the post labelled for good.
    """
    asked = params.post_info
    post = actions.publish_post_from(
        call.means,
        call.actor,
        house=settings.HOUSE,
        creator_id=call.creator_id,
        draft=PostDraft(
            caption=asked.caption,
            visibility=_visibility(asked),
            ads_only=asked.is_ads_only,
            partnership=asked.is_branded_content or asked.is_brand_organic,
            allow_comments=not asked.disable_comment,
            allow_duet=not asked.disable_duet,
            allow_stitch=not asked.disable_stitch,
        ),
        url=params.video_url,
    )
    return {"share_id": str(post.id)}


def _visibility(asked: _PostInfo) -> str:
    """Return who may see the post, as the house says it."""
    given = {name for name in (asked.privacy_level, asked.privacy) if name is not None}
    if len(given) > 1:
        raise Refusal(errors.NOT_TAKEN_HERE, field="post_info.privacy_level", rule=TWO_PRIVACIES)
    for name in given:
        if name not in VISIBILITY:
            raise Refusal(errors.NOT_TAKEN_HERE, field="post_info.privacy_level", rule=NO_FRIENDS)
        return VISIBILITY[name]
    return "public"
