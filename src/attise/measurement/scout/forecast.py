"""How much a post will still grow, and what a paid view of it brings: a linear forecast with honest intervals. Pure.

Forecast is ln(growth + 0.02), growth = views of the next 48 hours / (views + ``ADDED_VIEWS``): features times weights.
Weights were learnt in invented worlds (``weights.json``, made by ``attise.proving.science.scout_weights``) for three
sorts of looks: *hourly*, *daily*, and *level* for one look alone. Where the posts given show enough of their own past
(``LEARN_LEAST`` of them), each is forecast once from a day before its last look, and the weights move towards what
fits: real accounts are not those worlds. Old weights count as much as ``PRIOR_ROWS`` posts.

Intervals are conformal: the quantiles of what forecasts were off by, in worlds that weights were not learnt in, by how
much growth was forecast; widened to what they were off by in the posts' own past where that is more. So an interval of
80 % holds four times of five if the posts behave like either; ``attise bench science`` counts it.
Source: Szabo, Huberman (2010); Vovk, Gammerman, Shafer (2005) for split conformal intervals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout.bounds import ADDED_VIEWS, HORIZON_H
from attise.measurement.scout.features import Rows, age_of, rows_of
from attise.measurement.scout.observed import Floats, Observed, until
from attise.measurement.scout.signals import AGED

ADDED: Final = 0.02
"""Growth added before logarithms: nothing below is told apart."""
QUANTILES: Final = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
SORTS: Final = ("level", "daily", "hourly")
HOURLY_GAP_H: Final = 9.0
"""Looks further apart in the middle are *daily*."""
LEARN_LEAST: Final = 40
PRIOR_ROWS: Final = 600.0
BACK_H: Final = (12.0, 48.0)
"""How far before its last look a post is forecast from, to learn."""
SPREAD: Final = 0.6
"""About what a forecast is off by; beyond twice that, a post pulls no harder."""
_LOW, _HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """float64[n] each: logarithms of growth + 0.02 and of organic views a paid view brings, with their offsets."""

    growth: Floats
    offsets: Floats
    """float64[n, len(QUANTILES)]: what is added for each quantile of growth."""
    response: Floats
    response_offsets: Floats
    weights: Floats
    """float64[n, features]: those of growth that each post was forecast with."""
    usual: Floats
    """float64[n, features]: a usual post's, beside which a post's own speak for or against it."""
    learnt_from: int
    """Posts whose own past moved the weights; 0: none did."""


def forecast(posts: Sequence[Observed], rows: Rows) -> Forecasts:
    """Return the forecasts of posts from their features."""
    sorts = np.array([sort_of(one) for one in posts])
    growth, weights, usual = np.zeros(len(posts)), np.zeros_like(rows.matrix), np.zeros_like(rows.matrix)
    offsets = np.zeros((len(posts), len(QUANTILES)))
    response, response_offsets = np.zeros(len(posts)), np.zeros((len(posts), len(QUANTILES)))
    learnt = 0
    for place, sort in enumerate(SORTS):
        mine = sorts == place
        if not mine.any():
            continue
        known = _known()[sort]
        fitted, wider, several = known.growth, 1.0, 0
        if sort != "level":
            fitted, wider, several = _learn([one for one, its in zip(posts, mine, strict=True) if its], known)
        learnt += several
        weights[mine], usual[mine] = fitted, known.usual
        growth[mine] = rows.matrix[mine] @ fitted
        offsets[mine] = known.offsets_of(growth[mine]) * wider
        response[mine] = rows.matrix[mine] @ known.response
        response_offsets[mine] = known.response_offsets
    return Forecasts(growth, offsets, response, response_offsets, weights, usual, learnt)


def sort_of(post: Observed) -> int:
    """Return which of ``SORTS`` a post's looks are."""
    if len(post.at_ms) < 2:  # noqa: PLR2004 - two looks make a difference
        return SORTS.index("level")
    recent = post.at_ms[post.at_ms >= post.at_ms[-1] - 72 * HOUR_MS]
    gaps = np.diff(recent) / HOUR_MS
    return SORTS.index("hourly" if len(gaps) and float(np.median(gaps)) <= HOURLY_GAP_H else "daily")


def plain(logarithm: Floats) -> Floats:
    """Return growth from its forecast: a share of the views there are, never below 0."""
    return np.maximum(np.exp(logarithm) - ADDED, 0.0)


def chance_above(growth: float, forecasts: Forecasts) -> Floats:
    """Return float64[n]: how likely each post grows at least so much."""
    asked = np.log(growth + ADDED) - forecasts.growth
    at = np.array([np.interp(one, offsets, QUANTILES) for one, offsets in zip(asked, forecasts.offsets, strict=True)])
    found: Floats = 1 - at
    return found


def between(forecast: Floats, offsets: Floats, share: float) -> tuple[Floats, Floats]:
    """Return the logarithms between which a share of outcomes lies, as much left out below as above."""
    low, high = QUANTILES.index(round((1 - share) / 2, 4)), QUANTILES.index(round((1 + share) / 2, 4))
    return forecast + offsets[:, low], forecast + offsets[:, high]


def target_of(views: Floats, later: Floats) -> Floats:
    """Return what a forecast is compared with: float64[n] from views at both ends."""
    return np.log((later - views) / (views + ADDED_VIEWS) + ADDED)


def fit(matrix: Floats, target: Floats, before: Floats, prior_rows: float) -> Floats:
    """Return weights that fit, drawn to those before as if ``prior_rows`` rows had said them; outliers pull less.

    Ridge regression by Huber's weights, a few rounds of least squares. float64[n, k], float64[n], float64[k].
    """
    weights, pull = before, np.ones(len(target))
    held = np.diag(np.full(matrix.shape[1], prior_rows / 10))
    for _ in range(6):
        drawn = (matrix * pull[:, None]).T
        weights = np.linalg.solve(drawn @ matrix + held, drawn @ target + held @ before)
        off = np.abs(target - matrix @ weights)
        pull = np.minimum(1, 2 * SPREAD / np.maximum(off, 1e-9))
    return weights


@dataclass(frozen=True, slots=True)
class Known:
    """What worlds taught of one sort of looks."""

    usual: Floats
    growth: Floats
    response: Floats
    edges: Floats
    """Forecasts between which the rows of ``offsets`` hold."""
    offsets: Floats
    response_offsets: Floats

    def offsets_of(self, growth: Floats) -> Floats:
        """Return float64[n, quantiles]."""
        found: Floats = self.offsets[np.searchsorted(self.edges, growth)]
        return found


@cache
def _known() -> dict[str, Known]:
    told = json.loads(files("attise.measurement.scout").joinpath("weights.json").read_text("utf-8"))
    return {sort: known_of(told[sort]) for sort in SORTS}


def known_of(told: dict[str, Any]) -> Known:
    """Return what one sort's part of ``weights.json`` says."""
    return Known(*(np.array(told[name], np.float64) for name in Known.__dataclass_fields__))


def _learn(posts: Sequence[Observed], known: Known) -> tuple[Floats, float, int]:
    """Return weights moved by the posts' own past, how much wider its intervals are, and of how many it speaks."""
    earlier, later, spans = [], [], []
    for one in posts:
        back = (one.at_ms[-1] - one.at_ms[:-1]) / HOUR_MS
        fits = np.nonzero((back >= BACK_H[0]) & (back <= BACK_H[1]))[0]
        if not len(fits):
            continue
        place = fits[np.abs(back[fits] - 24).argmin()]
        then = until(one, int(one.at_ms[place]))
        if then is not None and len(then.at_ms) > 1 and age_of(then) >= 6:  # noqa: PLR2004 - hours that show a trend
            earlier.append(then)
            later.append(one.counts[-1, 0])
            spans.append(float(back[place]))
    if len(earlier) < LEARN_LEAST:
        return known.growth, 1.0, 0
    rows = rows_of(earlier)
    came = np.array(later) - rows.views
    target = target_of(rows.views, rows.views + came * _longer(rows.age_h, np.array(spans)))
    fitted = fit(rows.matrix, target, known.growth, PRIOR_ROWS)
    off = target - rows.matrix @ fitted
    offsets = known.offsets_of(rows.matrix @ fitted)
    wide = np.quantile(np.abs(off), 0.8) / max(float(np.mean((offsets[:, _HIGH] - offsets[:, _LOW]) / 2)), 1e-9)
    return fitted, float(np.clip(wide, 1.0, 3.0)), len(earlier)


def _longer(age_h: Floats, span_h: Floats) -> Floats:
    """Return by how much more views come in the horizon than in a shorter span from the same age on."""

    def grown(hours: Floats | float) -> NDArray[np.float64]:
        return (1 + hours / (age_h + 6)) ** AGED - 1

    return grown(HORIZON_H) / grown(span_h)
