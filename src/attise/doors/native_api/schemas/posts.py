"""Shapes of posts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, GivenId, GivenMoment, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import CAPTION_CHARACTERS, NAME_CHARACTERS, TAG_CHARACTERS, TAGS

URL_CHARACTERS = 2048
Format = Literal["video", "story", "carousel", "duet", "stitch"]
Visibility = Literal["public", "followers", "private"]
PostState = Literal["live", "processing", "in_review", "hidden", "removed", "deleted"]
Caption = Annotated[str, Field(max_length=4 * CAPTION_CHARACTERS, examples=["One pan, ten minutes #dinner"])]


class PostDraft(Given):
    """A post to publish; its file comes beside it, or stays on the host's own server at ``media_url``."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "creator_id": "7507931062747136000",
                    "caption": "One pan, ten minutes #dinner",
                    "format": "video",
                    "visibility": "public",
                    "media_url": "https://media.example.com/v/1.mp4",
                    "media_md5": "9e107d9d372bb6826bd81d3542a419d6",
                }
            ]
        }
    )
    creator_id: GivenId
    caption: Caption = ""
    format: Format = "video"
    of_post_id: Annotated[GivenId | None, Field(description="Of a duet or a stitch: the post it was made with.")] = None
    visibility: Visibility = "public"
    ads_only: Annotated[bool, Field(description="Shown in ads alone.")] = False
    partnership: Annotated[
        bool, Field(description="A commercial collaboration, by its author's word. It is shown, and stays for good.")
    ] = False
    sound: Annotated[str, Field(max_length=4 * NAME_CHARACTERS)] = ""
    tags: Annotated[list[Annotated[str, Field(max_length=4 * TAG_CHARACTERS)]], Field(max_length=TAGS)] = []
    category: Annotated[str, Field(max_length=40, description="A slug of the table of categories.")] = ""
    allow_comments: bool = True
    allow_duet: bool = True
    allow_stitch: bool = True
    published_at: Annotated[GivenMoment | None, Field(description="In a sandbox only: a date in the past.")] = None
    unpublished_id: Annotated[
        GivenId | None, Field(description="In the place of a file: a video that was looked over before.")
    ] = None
    upload_id: Annotated[
        GivenId | None, Field(description="In the place of a file: an upload that is whole (`/v1/uploads`).")
    ] = None
    media_url: Annotated[str | None, Field(max_length=URL_CHARACTERS, description="https; fetched once, not kept.")] = (
        None
    )
    media_md5: Annotated[str | None, Field(max_length=64, description="Of the file at media_url, in hexadecimal.")] = (
        None
    )


class PostEdit(Given):
    """What to change of a post; a caption is locked while the post may run as an ad."""

    caption: Caption | None = None
    visibility: Visibility | None = None


class Moderation(Given):
    """What the operator decides about a post."""

    state: Literal["live", "in_review", "hidden", "removed"]
    reason: Annotated[str, Field(max_length=800)] = ""


class PostCreator(Told):
    """Who published."""

    creator_id: ToldId
    handle: str
    display_name: str


class PostPicture(Told):
    """One picture of a post."""

    url: str
    md5: str
    width: int
    height: int
    size_bytes: int


class PostMedia(Told):
    """The file of a post; of a carousel, its first picture."""

    kind: Literal["video", "image"]
    url: Annotated[str, Field(description="Good for six hours, or the host's own address.")]
    cover_url: str | None
    md5: str
    duration_ms: int
    width: int
    height: int
    size_bytes: int
    pictures: Annotated[
        list[PostPicture], Field(description="Of a carousel: every picture in its order; empty for a video.")
    ]


class Counter(Told):
    """One count in its parts: total = organic + paid."""

    total: int
    organic: int
    paid: int


class Counters(Told):
    """What the post earned, organically and by ads, each counted once."""

    views: Counter
    likes: Counter
    comments: Counter
    shares: Counter
    saves: Counter
    follows: Counter


class Words(Told):
    """A mention that must be shown, in both languages."""

    fr: str
    en: str


class PostAnswer(Told):
    """A post."""

    post_id: ToldId
    creator: PostCreator
    caption: str
    format: Format
    of_post_id: ToldId | None
    visibility: Visibility
    ads_only: bool
    sound: str
    tags: list[str]
    category: str | None
    allow_comments: bool
    allow_duet: bool
    allow_stitch: bool
    state: PostState
    state_reason: str | None
    locked: Annotated[bool, Field(description="Whether caption and media are held by a live authorization.")]
    locked_until: ToldMoment | None
    partnership: Annotated[bool, Field(description="Whether the post is a commercial collaboration, for good.")]
    label: Annotated[Words | None, Field(description="The mention to show on the post, wherever it is shown.")]
    media: Annotated[
        PostMedia | None, Field(description="null while the file is being converted, and once it is gone.")
    ]
    counters: Counters
    circle: Annotated[int | None, Field(description="How far the feed has taken the post; null before the first.")]
    published_at: ToldMoment
    created_at: ToldMoment
    modified_at: ToldMoment


COLLABORATION = Words(fr="Collaboration commerciale", en="Paid partnership")


def tell_moment(epoch_ms: int | None) -> Any:
    """Return a time as callers see it, or None."""
    return None if epoch_ms is None else rfc3339(epoch_ms)
