"""Shapes of pre-flight: what may be looked at again in a post before it becomes an ad."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.edits import ToldEdits
from attise.doors.native_api.schemas.posts import Caption, PostMedia, Words

CheckName = Literal[
    "hook",
    "first_person",
    "natural_setting",
    "rhythm",
    "call_to_comment",
    "duration",
    "aspect",
    "resolution",
    "loudness",
    "silence",
]


class PreflightCheck(Told):
    """One check: advice, never a gate."""

    name: CheckName
    verdict: Annotated[
        Literal["ok", "look_again", "not_measured"],
        Field(description="`not_measured`: there is nothing to look at, or no machine can tell."),
    ]
    value: Annotated[float | None, Field(description="What was measured, in `unit`.")]
    threshold: Annotated[
        float | list[float] | None, Field(description="What is looked for: a bound, or a range of two numbers.")
    ]
    unit: str
    at_ms: Annotated[int | None, Field(description="Where in the video.")]
    evidence: Annotated[str | None, Field(description="The words that were found, or the sides of the picture.")]
    tip: Annotated[str, Field(description="One thing to do, in English.")]
    words: Annotated[Words, Field(description="The tip in both languages.")]


class Looked(Told):
    """What may be looked at again in a video."""

    state: Annotated[
        Literal["waiting", "done", "failed", "none"],
        Field(description="`none`: pictures, a file on your own server, or a post of before there was advice."),
    ]
    reason: Annotated[str | None, Field(description="Why it failed: a code.")]
    ready: Annotated[
        str | None,
        Field(
            description="How many of the five signs were found; the natural setting is never measured.",
            examples=["4/5"],
        ),
    ]
    checks: Annotated[list[PreflightCheck], Field(description="The five signs first; empty until it is done.")]
    duration_ms: int | None
    watched_ms: Annotated[int | None, Field(description="How far it was watched for cuts.")]
    cuts: Annotated[list[int], Field(description="When another shot begins at once, in milliseconds.")]
    speech: Annotated[
        Literal["heard", "absent", "failed"] | None,
        Field(description="Whether what is said was heard; `absent` when no program for that is named."),
    ]


class PreflightAnswer(Looked):
    """What may be looked at again in a post."""

    post_id: ToldId


class UnpublishedDraft(Given):
    """What is said of a video that is to be looked over before it is published; its file comes beside it, or before."""

    creator_id: GivenId
    caption: Caption = ""
    upload_id: Annotated[
        GivenId | None, Field(description="In the place of a file: an upload that is whole (`/v1/uploads`).")
    ] = None


class UnpublishedEdit(Given):
    """Another caption to look at."""

    caption: Caption


class UnpublishedAnswer(Told):
    """A video that waits to be published, and the advice on it."""

    unpublished_id: ToldId
    creator_id: ToldId
    caption: str
    media: Annotated[PostMedia | None, Field(description="None: the video is being converted.")]
    edits: Annotated[ToldEdits | None, Field(description="None: nothing is done to it.")]
    editing: Annotated[
        Literal["none", "waiting", "done", "failed"], Field(description="Where the video with its edits stands.")
    ]
    edited: Annotated[PostMedia | None, Field(description="The video with its edits: what would be published.")]
    rendering_reason: Annotated[str | None, Field(description="Why it cannot be converted or rendered: a code.")]
    preflight: Annotated[Looked, Field(description="Of the video with its edits, where there are some.")]
    kept_until: Annotated[ToldMoment, Field(description="By the clock of the wall; then it is let go of.")]
