"""What the scout says of a post, as pages of advertisers and creators draw it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from attise.doors.site.tongues import spoken
from attise.kernel.clock import to_datetime
from attise.kernel.limits import HOUR_MS
from attise.measurement.scout import words
from attise.measurement.scout.board import Board
from attise.measurement.scout.bounds import GRID_H, WINDOW_FROM_H, WINDOW_TO_H
from attise.measurement.scout.judging import VERDICTS
from attise.measurement.scout.views import StandingView

TONES = {"boost_now": "active", "watch": "limited", "too_early": "scheduled", "too_late": "ended"}
"""By which dot of the catalogue of statuses a verdict is drawn."""
MEANS: dict[str, Promise] = {
    "score": gettext_lazy("The scout"),
    "last_growth": gettext_lazy("The last growth"),
    "likes": gettext_lazy("The most liked"),
    "chance": gettext_lazy("Luck"),
}
SHOWN = ("completion", "comments", "shares", "saves")
"""Signals that rows show."""


def card(one: StandingView, now_ms: int, zone: str) -> dict[str, Any]:
    """Return what a page shows of a standing: figures as text, reasons as sentences, the age as a bar."""
    tongue = spoken()
    age_h = (now_ms - one.published_at_ms) / HOUR_MS
    return {
        "standing": one,
        "score": round(one.score),
        "low": round(one.low),
        "high": round(one.high),
        "verdict": words.verdict(one.verdict, tongue),
        "dot": TONES[one.verdict],
        "age": words.span(age_h, tongue),
        "age_at": round(min(max(age_h, 0), GRID_H), 1),
        "window_from": WINDOW_FROM_H,
        "window_width": WINDOW_TO_H - WINDOW_FROM_H,
        "grid": GRID_H,
        "growth": words.growth(one.growth[1], tongue),
        "growth_low": words.growth(one.growth[0], tongue),
        "growth_high": words.growth(one.growth[2], tongue),
        "reasons": [(_sign(reason.effect), words.sentence(reason, tongue, zone)) for reason in one.reasons],
        "signals": [
            (words.signal(name, tongue), words.times(one.signals[name], tongue))
            for name in SHOWN
            if name in one.signals
        ],
    }


def verdicts() -> list[tuple[str, str]]:
    """Return the verdicts with what they are called, in the order of what to do."""
    order = ("boost_now", "watch", "too_early", "too_late")
    assert set(order) == set(VERDICTS)
    return [(code, words.verdict(code, spoken())) for code in order]


def lines(board: Board) -> list[dict[str, Any]]:
    """Return the lines of a scoreboard as text."""
    tongue = spoken()
    return [
        {
            "means": MEANS[line.means],
            "growth": words.growth(line.growth, tongue),
            "precision": words.share(line.precision, tongue),
            "picked": line.picked,
        }
        for line in board.lines
    ]


def local_day(at_ms: int) -> dt.date:
    """Return the day of a moment in the zone of the page."""
    return timezone.localtime(to_datetime(at_ms)).date()


def _sign(effect: float) -> str:
    return "+" if effect > 0 else "−" if effect < 0 else "•"
