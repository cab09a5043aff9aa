"""What pre-flight answers: frozen, additive, kept as JSON beside the post."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["ok", "look_again", "not_measured"]
Name = Literal[
    "hook",
    "first_person",
    "natural_setting",
    "rhythm",
    "call_to_comment",
    "duration",
    "aspect",
    "resolution",
    "loudness",
    "silence",
]
SIGNS: tuple[Name, ...] = ("hook", "first_person", "natural_setting", "rhythm", "call_to_comment")
"""The five signs, in the order of the article that names them."""
Speech = Literal["heard", "absent", "failed"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check.

    ``value`` and ``threshold`` are in ``unit``; a threshold of two numbers is a range, of one a bound that the check
    knows the side of. ``at_s`` is where in the video the evidence is. ``tip`` is a key of ``tips.TIPS``.
    """

    name: Name
    verdict: Verdict
    tip: str
    value: float | None = None
    threshold: float | tuple[float, float] | None = None
    unit: str = ""
    at_s: float | None = None
    evidence: str | None = None
    """What was found, where that is a word."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Ten checks and what a drawing of the video needs; times are from its beginning."""

    checks: tuple[Check, ...]
    duration_ms: int
    watched_ms: int
    """How much was looked at for cuts; a very long video is not watched to its end."""
    cuts_ms: tuple[int, ...]
    bars: tuple[int, ...]
    """How strong the sound is along the video, 0..100; none without sound."""
    speech: Speech
    """Whether what is said was heard; ``absent`` when nobody named a program for that, or nothing is to be heard."""

    @property
    def ready(self) -> str:
        """How many of the five signs were found: ``4/5``."""
        found = sum(check.verdict == "ok" for check in self.checks if check.name in SIGNS)
        return f"{found}/{len(SIGNS)}"
