"""Shapes of the calls that a viewer waits for; the edge answers them, and a test holds it to these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId
from attise.doors.native_api.schemas.posts import PostCreator
from attise.doors.native_api.schemas.viewers import ViewerFacts
from attise.kernel.limits import FEED_ITEMS, SESSION_CHARACTERS


class FeedRequest(Given):
    """Who watches, and how many items are wanted.

    ``viewer_id`` for a viewer that is declared here, ``viewer`` for one that is not, neither for somebody nothing is
    known of. With a ticket the viewer is the ticket's.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"viewer": {"country": "FR", "age": 30}, "count": 10}]})
    viewer_id: GivenId | None = None
    viewer: ViewerFacts | None = None
    count: Annotated[int, Field(ge=1, le=FEED_ITEMS)] = 10
    session_id: (
        Annotated[str, Field(max_length=SESSION_CHARACTERS, description="Yours; told back in reports.")] | None
    ) = None
    followed_only: Annotated[
        bool,
        Field(description="Posts of creators whom the viewer follows, and no others; ads stand among them as ever."),
    ] = False


class FeedAd(Told):
    """What must be told beside an ad, and where it leads."""

    ad_id: ToldId
    decision_id: Annotated[ToldId, Field(description="Explained at /v1/decisions/{decision_id}.")]
    kind: Literal["spark", "push", "standard"]
    label: Annotated[str, Field(description="To be shown for the whole play, in the viewer's language.")]
    on_behalf_of: str
    paid_by: str
    name: Annotated[str, Field(description="Under which it is shown: the creator's, or a standard ad's own.")]
    picture_url: str | None
    call_to_action: Annotated[str | None, Field(description="The button, by its code.")]
    call_to_action_text: Annotated[str | None, Field(description="The button in the viewer's language.")]
    click_url: Annotated[str | None, Field(description="Where the button leads, by way of this house.")]
    why_url: Annotated[str, Field(description="Why one sees this ad.")]
    deeplink: str | None
    share_allowed: bool
    download_allowed: bool


class FeedItem(Told):
    """One item: a post as it is, or an ad, which for a creator's ad is their post."""

    kind: Literal["organic", "ad"]
    post_id: Annotated[ToldId | None, Field(description="null for a standard ad, which has no post.")]
    creator: PostCreator | None
    caption: str
    media_url: Annotated[str | None, Field(description="Good for six hours at least, or the host's own address.")]
    cover_url: str | None
    duration_ms: int
    width: int
    height: int
    pictures: Annotated[list[str], Field(description="Of a carousel: its pictures after the first.")]
    format: str
    of_post_id: ToldId | None
    sound: str | None
    tags: list[str]
    partnership: bool
    partnership_label: Annotated[str | None, Field(description="To be shown on the post, with or without an ad.")]
    retouched: bool
    ai_generated: bool
    allow_comments: bool
    allow_duet: bool
    allow_stitch: bool
    token: Annotated[str, Field(description="Give it back with every event of this item.")]
    ad: FeedAd | None = None


class FeedAnswer(Told):
    """Items in the order to show them."""

    feed_id: ToldId
    items: list[FeedItem]
