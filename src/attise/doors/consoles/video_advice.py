"""The advice on a video: what may be looked at again before it becomes an ad."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext

from attise.doors.site import formats
from attise.kernel.errors import REASONS
from attise.management.posts.preflight.checks import HOOK_S
from attise.management.posts.preflight.figures import figure_of
from attise.management.posts.preflight.report import SIGNS, Check, Report
from attise.management.posts.preflight.tips import TIPS, TITLES, VERDICTS
from attise.management.posts.views import PreflightView

_SHAPES = {"ok": "good tick", "look_again": "warn triangle", "not_measured": "dashed"}
_WIDTH, _HEIGHT = 600, 56
"""Of the drawing, in its own units."""
_BARS_HEIGHT = 40


def told_of(
    found: PreflightView, asks: str, player: dict[str, Any] | None, tips: Mapping[str, str | Promise] = TIPS
) -> dict[str, Any] | None:
    """Return advice as ``parts/video/preflight.html`` takes it; ``asks``: where its page asks again while it waits.

    ``tips``: what is said for each outcome of a check, in the words for who reads it.
    """
    if found.state == "none":
        return None
    advice: dict[str, Any] = {"state": found.state, "asks": asks}
    if found.reason in REASONS:
        advice["reason"] = gettext(REASONS[found.reason].next_step)
    if found.report is not None:
        advice |= drawn(found.report, tips)
        advice["file_url"] = None if player is None else player["url"]
    return advice


def drawn(report: Report, tips: Mapping[str, str | Promise] = TIPS) -> dict[str, Any]:
    """Return a report as ``parts/video/advice.html`` takes it."""
    checks = [_told(check, tips) for check in report.checks]
    count = len(report.cuts_ms)
    length = formats.duration(report.duration_ms, _language())
    return {
        "ready": report.ready,
        "signs": checks[: len(SIGNS)],
        "others": checks[len(SIGNS) :],
        "speech": report.speech,
        "drawing": _drawing(report),
        "length": length,
        "said": ngettext("%(length)s, %(count)s cut", "%(length)s, %(count)s cuts", count)
        % {"length": length, "count": count},
    }


def _told(check: Check, tips: Mapping[str, str | Promise]) -> dict[str, Any]:
    """Return a check in words."""
    return {
        "title": gettext(TITLES[check.name]),
        "verdict": gettext(VERDICTS[check.verdict]),
        "shape": _SHAPES[check.verdict],
        "figure": figure_of(check, gettext, number),
        "tip": str(tips[check.tip]) if tips is not TIPS else gettext(TIPS[check.tip]),
        "at": None if check.at_s is None else str(check.at_s),
        "at_words": None if check.at_s is None else number(check.at_s),
    }


def number(value: float) -> str:
    """Return a figure with up to one decimal, as the language writes it."""
    tenths = round(value * 10)
    return formats.decimal(tenths, 10, _language(), places=1 if tenths % 10 else 0)


def _language() -> str:
    return formats.language_of(get_language())


def _drawing(report: Report) -> dict[str, Any]:
    """Return the video from left to right as shapes: its sound, its cuts, its first three seconds."""
    length_ms = max(report.duration_ms, 1)
    step = _WIDTH / max(len(report.bars), 1)
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "bars": [
            {
                "x": f"{place * step + step * 0.15:.1f}",
                "y": f"{_BARS_HEIGHT - _tall(bar):.1f}",
                "width": f"{step * 0.7:.1f}",
                "height": f"{_tall(bar):.1f}",
            }
            for place, bar in enumerate(report.bars)
        ],
        "cuts": [f"{cut * _WIDTH / length_ms:.1f}" for cut in report.cuts_ms],
        "hook": f"{min(HOOK_S * 1_000 / length_ms, 1) * _WIDTH:.1f}",
        "floor": _BARS_HEIGHT + 6,
    }


def _tall(bar: int) -> float:
    """Return the height of a bar; silence is a thin line."""
    return max(bar * _BARS_HEIGHT / 100, 1.5)
