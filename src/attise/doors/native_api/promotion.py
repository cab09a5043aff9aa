"""What ads left of a post: before, while and after they showed it, beside what it would have come to without them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import GivenId, PathId
from attise.doors.native_api.schemas.promotion import (
    PostPromotion,
    PromotionsTogether,
    tell_promotion,
    tell_together,
)
from attise.doors.site.promoted import promotion_of, promotions_together
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts

group = Group("Posts")
Reader = Annotated[GivenId | None, Field(description="Tells of the ads of this advertiser alone, as they see it.")]


@group.get("/v1/posts/{post_id}/promotion", gives=PostPromotion, refuses=(404,))
def get_promotion(call: Call, post_id: PathId, advertiser_id: Reader = None) -> PostPromotion:
    """Get the course of a post before, while and after ads showed it, and what ads brought it in the feed.

    Without ads it would have gone on as posts did that could have been promoted when its ads began and were not: what
    they came to is explained by what was known of them at that moment, and the post is put into the same line. That is
    what ads brought as far as chance chose between them; where taste chose, the taste is in it. Posts differ much, so
    that one alone rarely tells; `more_posts` says about how many like it would. `promotion` is null where no ad has
    shown it, its figures are null where not enough is known yet.
    """
    post = posts.get_post(post_id)
    reader = None if advertiser_id is None else accounts.get_advertiser(advertiser_id).id
    return tell_promotion(post.id, reader, promotion_of(post, now_ms=call.means.clock.world_ms(), advertiser_id=reader))


@group.get("/v1/promotions", gives=PromotionsTogether, refuses=(404,))
def get_promotions(call: Call, advertiser_id: Reader = None) -> PromotionsTogether:  # noqa: ARG001 - the same for all
    """Get what ads brought the thirty newest promoted posts in the feed, taken together.

    One post rarely tells, several do: the mean, of logarithms, of what each has above what it would have come to.
    `part` is null where fewer than three can be told of. It is worked out about once an hour, not while you wait.
    """
    reader = None if advertiser_id is None else accounts.get_advertiser(advertiser_id).id
    return tell_together(reader, promotions_together(reader))
