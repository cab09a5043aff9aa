"""Why a post stands where it stands: the three strongest reasons, with the figures behind them. Pure.

What decided the verdict comes first (``judging``), then the parts of the forecast, by how much each moves it away from
that of a usual post: weight times what the feature is above the usual. So reasons are the forecast's own, not stories
about it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from attise.measurement.scout.bounds import REASONS
from attise.measurement.scout.features import GROUPS, NAMES, QUALITY, SMALL, Rows
from attise.measurement.scout.forecast import Forecasts

LEAST_EFFECT: Final = 0.03
"""Below, growth is moved by less than three in a hundred."""
LIKES_ALONE: Final = 1.1
"""ln of how far likes are above the usual while nothing else is: bought likes look like this."""
DATED: Final = frozenset({"too_old", "opens", "still_growing", "no_publication"})
"""Facts that tell the age themselves, or that nobody knows it."""
_AT: Final = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``effect``: what it adds to ln(growth), 0 for a fact. ``figures``: numbers, times in epoch ms."""

    code: str
    effect: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)


def strongest(facts: list[Reason], moved: list[Reason]) -> tuple[Reason, ...]:
    """Return what is told: facts first, then what moves the forecast most."""
    dated = any(one.code in DATED for one in facts)
    told = (one for one in moved if abs(one.effect) >= LEAST_EFFECT and not (dated and one.code == "age"))
    rest = sorted(told, key=lambda one: -abs(one.effect))
    return tuple([*facts, *rest][:REASONS])


def moved_by(place: int, rows: Rows, forecasts: Forecasts) -> list[Reason]:
    """Return every part of one post's forecast, as it moves it; those that nothing is known of are left out."""
    row, weights, usual = rows.matrix[place], forecasts.weights[place], forecasts.usual[place]
    by_quality = weights[_AT["quality"]] + weights[_AT["quality_by_age"]] * row[_AT["age"]]
    levels = {name: column for column, name in enumerate(rows.levels.names)}
    found = []
    for code, names in GROUPS.items():
        effect = sum(weights[_AT[name]] * (row[_AT[name]] - usual[_AT[name]]) for name in names)
        if code == "views" and len(rows.views) == 1:
            continue  # nothing to stand beside
        if code in levels:
            if rows.levels.own[place, levels[code]] != rows.levels.own[place, levels[code]]:  # not known
                continue
            effect += row[_AT[code]] * QUALITY.get(code, 0.0) * by_quality
        figures = _figures(code, place, rows, float(usual[_AT["trend"]]))
        found.append(Reason(_told(code, effect, figures), round(float(effect), 3), figures))
    return found


def is_likes_alone(place: int, rows: Rows) -> bool:
    """Tell whether a post has far more likes than is usual, and of nothing else more."""
    above = {name: float(rows.levels.above[place, column]) for column, name in enumerate(rows.levels.names)}
    others = [above[name] for name in ("comments", "shares", "saves") if above[name] == above[name]]
    return bool(others) and above["likes"] > LIKES_ALONE and max(others) < LIKES_ALONE / 4


def _told(code: str, effect: float, figures: dict[str, Any]) -> str:
    """Return what a part is told as: more views than usual may speak against a post, and fewer for it.

    A pace that its own views do not carry falls; and a day is told of by its views, but weighed with its last hours and
    its peak.
    """
    if code == "pace" and (effect >= 0) != (figures["ratio"] >= 1):
        return "carried" if effect >= 0 else "peak"
    if code == "trend" and (effect >= 0) != (figures["now"] >= figures["usual"]):
        return "rising" if effect >= 0 else "fading"
    return code


def _figures(code: str, place: int, rows: Rows, usual_trend: float) -> dict[str, Any]:
    levels = rows.levels
    if code in levels.names:
        column = levels.names.index(code)
        own, usual = float(levels.own[place, column]), float(levels.usual[place, column])
        ratio, peers = _short(own / usual), int(levels.peers[place])
        return {"own": _short(own), "usual": _short(usual), "ratio": ratio, "peers": peers}
    if code == "pace":
        six, usual = float(rows.six_h[place]) / 6, float(rows.usual_six_h[place]) / 6
        return {"per_hour": _short(six), "usual": _short(usual), "ratio": _short((six + 1) / (usual + 1))}
    if code == "trend":
        now, before = float(rows.day[place]), float(rows.day_before[place])
        usual = max(0.0, (before + SMALL) * math.exp(usual_trend) - SMALL)
        return {"hours": int(rows.day_h[place]), "now": _short(now), "before": _short(before), "usual": _short(usual)}
    if code == "age":
        return {"hours": round(float(rows.age_h[place]), 1)}
    raise AssertionError(f"no figures for {code!r}")


def _short(value: float) -> float:
    return float(f"{value:.4g}")
