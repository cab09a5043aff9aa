"""Signals against what is usual for the post's own creator and category. Pure, on arrays; a row is a post.

A rate (comments per view, and so on) is shrunk towards the middle post's, so that ten views prove nothing; then what
the posts of its category and of its creator have above or below that, itself shrunk by how many there are, is taken
off. What is left is the post's own: a large creator does not lead for being large, a lively community not for its
habits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.measurement.scout.bounds import ADDED_VIEWS
from attise.measurement.scout.observed import COUNTS, SIGNALS, Floats, Observed

SHRUNK_VIEWS: Final = 300.0
"""Views of the middle post's rate that stand beside a post's own."""
SHRUNK_ACTS: Final = 1.0
"""As many of its acts at least: where hardly anybody shares, none that is missing says nothing."""
SHRUNK_CATEGORY: Final = 5.0
SHRUNK_CREATOR: Final = 4.0
"""Posts of no deviation that stand beside a creator's others."""
AGED: Final = 0.35
"""Views grow about as age to this power; only used to compare posts of unlike age."""
WATCHED: Final = ("completion", "retention")

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Levels:
    """Where posts stand: by column of ``names``, ln(own rate / usual rate), and both rates; NaN where not known."""

    names: tuple[str, ...]
    own: Floats
    usual: Floats
    above: Floats
    peers: Codes
    """Other posts of the same creator."""


def levels_of(posts: Sequence[Observed], age_h: Floats) -> Levels:
    """Return where posts stand in likes, comments, shares and saves a view, in watching, and in views at their age."""
    creators, categories = codes([one.creator for one in posts]), codes([one.category for one in posts])
    last = np.array([one.counts[-1] for one in posts]).reshape(-1, len(COUNTS))
    views = last[:, 0]
    own, usual, above = [], [], []
    for column in range(1, len(COUNTS)):
        rate, middle = _rates(last[:, column], views)
        deviation = np.log(rate / middle)
        base = _usual_of(deviation, creators, categories)
        own.append(rate)
        usual.append(middle * np.exp(base))
        above.append(deviation - base)
    for name in WATCHED:
        share, middle_share = _watched(posts, name)
        base = _usual_of(share - middle_share, creators, categories)
        own.append(_share(share))
        usual.append(_share(middle_share + base))
        above.append(share - middle_share - base)
    reached = np.log(views + ADDED_VIEWS) - AGED * np.log(age_h)
    base = _usual_of(reached - np.median(reached), creators, categories) + np.median(reached)
    own.append(views)
    usual.append(np.exp(base + AGED * np.log(age_h)))
    above.append(reached - base)
    return Levels(
        names=(*SIGNALS, *WATCHED, "views"),
        own=np.column_stack(own),
        usual=np.column_stack(usual),
        above=np.column_stack(above),
        peers=np.bincount(creators, minlength=1)[creators] - 1,
    )


def codes(names: Sequence[str]) -> Codes:
    """Return int64[n]: equal names, equal numbers from 0."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)


def _rates(counts: Floats, views: Floats) -> tuple[Floats, Floats]:
    """Return shrunk counts per view, and the middle post's: float64[n] each."""
    known = ~np.isnan(counts)
    whole = (counts[known].sum() + 1) / (views[known].sum() + SHRUNK_VIEWS)
    rough = (counts + SHRUNK_VIEWS * whole) / (views + SHRUNK_VIEWS)
    middle = float(np.median(rough[known])) if known.any() else float(whole)
    held = max(SHRUNK_VIEWS * middle, SHRUNK_ACTS)
    shrunk = middle * (counts + held) / (views * middle + held)
    return shrunk, np.full(len(counts), middle)


def _watched(posts: Sequence[Observed], name: str) -> tuple[Floats, Floats]:
    """Return logits of a share of views, and what is usual of posts of that duration."""
    given = [getattr(one, name) for one in posts]
    share = np.array([np.nan if value is None else value for value in given], np.float64)
    views = np.array([one.counts[-1, 0] for one in posts])
    known = ~np.isnan(share)
    if not known.any():
        return share, np.zeros(len(posts))
    middle = float(np.median(share[known]))
    shrunk = np.clip((share * views + 30 * middle) / (views + 30), 0.005, 0.995)
    logit = np.log(shrunk / (1 - shrunk))
    seconds = np.array([one.duration_s or np.nan for one in posts])
    length = np.log(np.where(np.isnan(seconds), np.nanmedian(seconds), seconds)) if (~np.isnan(seconds)).any() else None
    if length is None:
        return logit, np.full(len(posts), np.median(logit[known]))
    length = length - length[known].mean()
    slope = (length[known] * logit[known]).sum() / ((length[known] ** 2).sum() + 1)
    return logit, np.median(logit[known] - slope * length[known]) + slope * length


def _usual_of(deviation: Floats, creators: Codes, categories: Codes) -> Floats:
    """Return what the other posts of the category, then of the creator, deviate on average; 0 where none is known."""
    of_category = _mean_of_others(deviation, categories, SHRUNK_CATEGORY)
    return of_category + _mean_of_others(deviation - of_category, creators, SHRUNK_CREATOR)


def _mean_of_others(values: Floats, groups: Codes, shrunk: float) -> Floats:
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    total, several = np.bincount(groups, filled), np.bincount(groups, known)
    found: Floats = (total[groups] - filled) / (several[groups] - known + shrunk)
    return found


def _share(logit: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-logit))
    return found
