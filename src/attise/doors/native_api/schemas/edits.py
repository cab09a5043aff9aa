"""Shapes of the creative tool: what is done to a video before it is published."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Given, Told
from attise.management.posts.editing import edits
from attise.management.posts.editing.edits import TEXT_CHARACTERS, TEXTS, Place, Size
from attise.management.posts.media.limits import VIDEO_LIMITS

_LAST_MS = VIDEO_LIMITS.max_duration_ms + VIDEO_LIMITS.grace_ms
Moment = Annotated[int, Field(ge=0, le=_LAST_MS)]
Level = Annotated[int, Field(ge=0, le=edits.FULL_PERCENT)]
Words = Annotated[str, Field(max_length=4 * TEXT_CHARACTERS)]


class GivenText(Given):
    """Words over a part of a video."""

    text: Words
    from_ms: Moment
    to_ms: Moment
    place: Place = "middle"
    size: Size = "medium"


class GivenEdits(Given):
    """All that is done to a video, in the place of what was before; `{}` gives back the one that was sent.

    Every moment is in the video that was sent, in milliseconds from its beginning.
    """

    from_ms: Moment = 0
    to_ms: Annotated[Moment | None, Field(description="None: to its end.")] = None
    cover_ms: Annotated[Moment | None, Field(description="None: a cover is chosen for it.")] = None
    texts: Annotated[list[GivenText], Field(max_length=TEXTS)] = []
    sound: Annotated[str, Field(max_length=40, description="Of `GET /v1/sounds`; empty: none.")] = ""
    sound_percent: Level = 70
    own_percent: Level = edits.FULL_PERCENT

    def taken(self) -> edits.Edits:
        """Return them as the room takes them."""
        facts = self.model_dump(exclude={"texts"})
        return edits.Edits(**facts, texts=tuple(edits.Text(**text.model_dump()) for text in self.texts))


class ToldText(Told):
    """Words over a part of a video."""

    text: str
    from_ms: int
    to_ms: int
    place: Place
    size: Size


class ToldEdits(Told):
    """All that is done to a video."""

    from_ms: int
    to_ms: int | None
    cover_ms: int | None
    texts: list[ToldText]
    sound: str
    sound_percent: int
    own_percent: int


class SoundAnswer(Told):
    """A sound that may go under a video, free to use."""

    sound: str
    name: str
    credit: Annotated[str, Field(description="What is said of it where it is heard.")]
    duration_ms: int
    url: Annotated[str, Field(description="A wav file, to listen to.")]


def tell_edits(found: edits.Edits) -> ToldEdits:
    """Return edits as they are told."""
    return ToldEdits(
        from_ms=found.from_ms,
        to_ms=found.to_ms,
        cover_ms=found.cover_ms,
        texts=[
            ToldText(text=one.text, from_ms=one.from_ms, to_ms=one.to_ms, place=one.place, size=one.size)
            for one in found.texts
        ],
        sound=found.sound,
        sound_percent=found.sound_percent,
        own_percent=found.own_percent,
    )
