"""A life between two of its turns, as bytes: whoever reads them goes on where it stood.

Everything is in it that the next turn draws on, the generator's own state too. What the house holds is not: posts that
were published and campaigns that were launched after these bytes were written are found again by ``catch_up``.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.management.posts import queries as posts
from attise.simulator.cast import Brand, Cast
from attise.simulator.drawing import Planned, Size
from attise.simulator.rivals import Rivals, Running
from attise.simulator.stage import Report, Stage
from attise.simulator.story import Lived, Story
from attise.simulator.truth.people import People
from attise.simulator.truth.works import Works

MOST: Final = 10_000
"""Posts that a house is asked for at once."""
FORM: Final = 1
"""Of the bytes; others are not read."""


class Array(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A numpy array."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, array: NDArray[Any]) -> Array:
        """Return an array's bytes with what they mean."""
        return cls(array.dtype.str, array.shape, array.tobytes())

    def array(self) -> NDArray[Any]:
        """Return an array of its own."""
        return np.frombuffer(self.data, self.dtype).reshape(self.shape).copy()


class Formed(msgspec.Struct, frozen=True):
    """What bytes of any form say first."""

    form: int


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a life."""

    form: int
    moment_ms: int
    """Up to where it was lived."""
    size: Size
    directions: Array
    of_creator: Array
    talent: Array
    chance: str
    """The generator's state as JSON: its numbers are larger than those that bytes have a form for."""
    people: dict[str, Array]
    works: dict[str, Array]
    planned: list[Planned]
    viewer_ids: list[int]
    creator_ids: list[int]
    brands: list[Brand]
    clips: list[tuple[int, float]]
    works_of: dict[int, int]
    lived: Lived
    left: dict[int, int]
    sessions: dict[int, int]
    seen: list[tuple[int, int, int]]
    told_later: list[tuple[int, int, Report]]
    day: int
    running: list[Running]


def write(path: Path, story: Story) -> None:
    """Keep a life whose next turn is to begin, whole or not at all, whatever ends then: the power too.

    Cost: some milliseconds for thousands of people, and a wait for the disk.
    """
    draft = path.with_name(f".{path.name}")
    with draft.open("wb") as file:
        file.write(encode(story))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def encode(story: Story) -> bytes:
    """Return a life whose next turn is to begin, with the moment that the world has come to."""
    cast = story.cast
    state = cast.rng.bit_generator.state
    # What was published once is stored; the file of a clip that was not may be gone by then.
    stored = next(clip for clip in cast.clips if isinstance(clip, int))
    return msgspec.msgpack.encode(
        Kept(
            form=FORM,
            moment_ms=story.stage.clock.world_ms(),
            size=cast.size,
            directions=Array.of(cast.directions),
            of_creator=Array.of(cast.of_creator),
            talent=Array.of(cast.talent),
            chance=msgspec.json.encode(_plain(state)).decode(),
            people=_arrays(cast.people),
            works=_arrays(cast.works),
            planned=cast.planned,
            viewer_ids=cast.viewer_ids,
            creator_ids=cast.creator_ids,
            brands=cast.brands,
            clips=[
                (clip if isinstance(clip, int) else stored, seconds)
                for clip, seconds in zip(cast.clips, cast.seconds, strict=True)
            ],
            works_of=cast.works_of,
            lived=story.lived,
            left=story.left,
            sessions=dict(story.sessions),
            seen=[(person, ad_id, times) for (person, ad_id), times in story.seen.items()],
            told_later=story.told_later,
            day=story.day,
            running=[] if story.rivals is None else story.rivals.running,
        )
    )


def decode(body: bytes, stage: Stage) -> tuple[Story, int]:
    """Return a life on a stage, and up to where it was lived. Raises: ValueError (another form, damaged)."""
    form = msgspec.msgpack.decode(body, type=Formed).form
    if form != FORM:
        raise ValueError(f"it is of form {form}, and this release reads form {FORM}")
    kept = msgspec.msgpack.decode(body, type=Kept)
    rng = np.random.Generator(np.random.PCG64())
    rng.bit_generator.state = _numbers(msgspec.json.decode(kept.chance))
    clips: list[Path | int] = [clip for clip, _ in kept.clips]
    cast = Cast(
        kept.size,
        rng,
        kept.directions.array(),
        kept.of_creator.array(),
        kept.talent.array(),
        People(**{name: one.array() for name, one in kept.people.items()}),
        Works(**{name: one.array() for name, one in kept.works.items()}),
        kept.planned,
        kept.viewer_ids,
        kept.creator_ids,
        kept.brands,
        clips,
        [seconds for _, seconds in kept.clips],
        kept.works_of,
    )
    story = Story(
        stage,
        cast,
        rivals=Rivals(stage, cast, kept.running),
        lived=kept.lived,
        left=kept.left,
        sessions=Counter(kept.sessions),
        seen=Counter({(person, ad_id): times for person, ad_id, times in kept.seen}),
        told_later=kept.told_later,
        day=kept.day,
    )
    return story, kept.moment_ms


def catch_up(cast: Cast, *, since_ms: int) -> int:
    """Know the posts of the plan that were published after a life was kept, so that none is twice; returns how many.

    A planned post is known by its creator and the second at which it was planned.
    """
    there = {(one.creator_id, one.published_at_ms): one.id for one in posts.list_recent(since_ms=since_ms, limit=MOST)}
    found = 0
    for one in cast.planned:
        post_id = 0 if one.post_id else there.get((cast.creator_ids[one.creator], one.at_ms), 0)
        if post_id:
            one.post_id = post_id
            cast.works_of[post_id] = one.work
            found += 1
    return found


def _arrays(what: People | Works) -> dict[str, Array]:
    return {one.name: Array.of(getattr(what, one.name)) for one in fields(what)}


def _plain(state: Any) -> Any:
    """Return a generator's state with its integers as texts."""
    if isinstance(state, dict):
        return {name: _plain(one) for name, one in state.items()}
    return f"#{state}" if isinstance(state, int) else state


def _numbers(state: Any) -> Any:
    if isinstance(state, dict):
        return {name: _numbers(one) for name, one in state.items()}
    return int(state[1:]) if isinstance(state, str) and state.startswith("#") else state
