"""What is known of posts: the shapes that the scout takes, and what it makes of disorder in them. Pure.

Counts are cumulative: what a counter showed at a moment. Observations may come in any order, at any spacing (hourly,
daily, one alone), twice for one moment, and may go down where a platform took views back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attise.measurement.scout.bounds import COUNT_MOST, OBSERVATIONS_MOST, TEXT_CHARACTERS

SIGNALS: Final = ("likes", "comments", "shares", "saves")
"""What people do with a post beside watching it, in the order of columns everywhere."""
COUNTS: Final = ("views", *SIGNALS)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """One post as it was seen over time; made by ``observe``."""

    post: str
    at_ms: NDArray[np.int64]
    """int64[n], epoch ms, rising, n >= 1."""
    counts: Floats
    """float64[n, 5] in the order of ``COUNTS``, cumulative, none falling; a signal nobody counted is NaN."""
    published_at_ms: int | None = None
    duration_s: float | None = None
    creator: str = ""
    category: str = ""
    title: str = ""
    completion: float | None = None
    """Completions per view, 0..1; of posts alike in duration it says most of all. None: not known."""
    retention: float | None = None
    """Share of views that last to the third second, 0..1."""
    fell: tuple[str, ...] = field(default=())
    """Counters that had gone down: what was taken back counts no less here."""


def observe(
    post: str,
    at_ms: ArrayLike,
    views: ArrayLike,
    *,
    likes: ArrayLike | None = None,
    comments: ArrayLike | None = None,
    shares: ArrayLike | None = None,
    saves: ArrayLike | None = None,
    published_at_ms: int | None = None,
    duration_s: float | None = None,
    creator: str = "",
    category: str = "",
    title: str = "",
    completion: float | None = None,
    retention: float | None = None,
) -> Observed:
    """Return one post from plain arrays, put in order.

    Args: ``at_ms`` int[n], epoch milliseconds; ``views`` and every signal float[n], cumulative counts, NaN where one
    was not seen; ``published_at_ms`` epoch milliseconds; ``duration_s`` seconds; ``completion`` and ``retention``
    shares in 0..1. Observations without a usable time or count of views are left out; of several at one moment the
    greatest counts hold; a count never falls.
    Raises: ValueError when lengths differ, nothing is left, or there are too many.
    """
    at = np.asarray(at_ms, np.float64).reshape(-1)
    columns = []
    for given in (views, likes, comments, shares, saves):
        column = np.full(len(at), np.nan) if given is None else np.asarray(given, np.float64).reshape(-1)
        if len(column) != len(at):
            raise ValueError(f"{post}: {len(column)} counts for {len(at)} moments")
        columns.append(column)
    if len(at) > OBSERVATIONS_MOST:
        raise ValueError(f"{post}: more than {OBSERVATIONS_MOST} observations")
    counts = np.column_stack(columns)
    with np.errstate(invalid="ignore"):
        counts[~((counts >= 0) & (counts <= COUNT_MOST))] = np.nan
        usable = (np.abs(at) < 2**53) & ~np.isnan(counts[:, 0])
    if not usable.any():
        raise ValueError(f"{post}: no observation with a time and a count of views")
    at, counts = at[usable], counts[usable]
    moments, place = np.unique(at, return_inverse=True)
    seen = np.full((len(moments), len(COUNTS)), np.nan)
    for row, counted in zip(place.reshape(-1), counts, strict=True):
        seen[row] = np.fmax(seen[row], counted)
    risen, fell = _risen(seen)
    return Observed(
        post=post[:TEXT_CHARACTERS],
        at_ms=moments.astype(np.int64),
        counts=risen,
        published_at_ms=published_at_ms if published_at_ms is None or published_at_ms < moments[0] else None,
        duration_s=_within(duration_s, 0, 86_400),
        creator=creator[:TEXT_CHARACTERS],
        category=category[:TEXT_CHARACTERS],
        title=title[:TEXT_CHARACTERS],
        completion=_within(completion, 0, 1),
        retention=_within(retention, 0, 1),
        fell=fell,
    )


def until(post: Observed, at_ms: int) -> Observed | None:
    """Return a post as it was known at a moment; None before its first observation."""
    several = int(np.searchsorted(post.at_ms, at_ms, side="right"))
    if several == 0:
        return None
    return Observed(
        post.post,
        post.at_ms[:several],
        post.counts[:several],
        post.published_at_ms,
        post.duration_s,
        post.creator,
        post.category,
        post.title,
        post.completion,
        post.retention,
        post.fell,
    )


def _risen(seen: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Return counts that never fall, with those kept that were not seen again; and the names of those that fell."""
    risen, fell = seen.copy(), []
    for column, name in enumerate(COUNTS):
        known = ~np.isnan(seen[:, column])
        if not known.any():
            continue
        values = np.maximum.accumulate(np.where(known, seen[:, column], -np.inf))
        if (seen[known, column] < values[known]).any():
            fell.append(name)
        risen[:, column] = np.where(np.isinf(values), np.nan, values)
    return risen, tuple(fell)


def _within(value: float | None, least: float, most: float) -> float | None:
    return float(value) if value is not None and least <= value <= most else None
