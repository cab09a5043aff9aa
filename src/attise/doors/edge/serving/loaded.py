"""What the thread of loading publishes: one immutable object, swapped in by one pointer."""

from __future__ import annotations

from dataclasses import dataclass

from attise.doors.edge.serving.making import Piece
from attise.serving.delivery.state import State
from attise.serving.feed.posts import PostIndex, from_posts
from attise.serving.prediction.model import Model, cold_model


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that a decision reads, and of when it is."""

    state: State | None
    """None: there is nothing to spend by, or nothing that may run is known yet."""
    posts: PostIndex
    model: Model
    pieces: tuple[Piece, ...]
    snapshot: int
    """Version of the snapshot whose index is mapped; 0: of none."""
    delta: int
    """Number of the newest delta that is in."""
    is_whole: bool
    """Whether all that may run is in, and not only what deltas told."""


def nothing() -> Loaded:
    """Return what a process begins with."""
    return Loaded(None, from_posts([], now_ms=0), cold_model(), (), 0, 0, is_whole=False)
