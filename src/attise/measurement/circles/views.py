"""What others see of circles: plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveView:
    """A post came somewhere. World time."""

    at_ms: int
    state: str
    circle: int
    last: int
    reason: str
    met: int
    """Organic impressions by which it was judged."""


@dataclass(frozen=True, slots=True)
class CircleView:
    """How far a post has come, and since when."""

    post_id: int
    state: str
    """``testing``, ``open`` or ``stopped``."""
    circle: int
    """From 0."""
    last: int
    """The circle that is everyone."""
    since_ms: int
    reason: str
    met: int
    """Organic impressions since, as last looked at."""
    batch: int
    """Of a tested post: how many it is shown to; else 0."""
