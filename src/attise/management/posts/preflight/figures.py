"""What was measured and what is looked for, as people read it. The door brings its language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attise.kernel.errors import N_
from attise.management.posts.preflight.report import Check, Name

_BOUNDED: Final[dict[Name, str]] = {
    "hook": N_("%(value)s s (3 s at most)"),
    "rhythm": N_("%(value)s cuts in 10 s (2 at least)"),
    "duration": N_("%(value)s s (9 to 15 s)"),
    "aspect": N_("%(evidence)s (9:16)"),
    "resolution": N_("%(value)s px (720 px at least)"),
    "loudness": N_("%(value)s LUFS (−20 to −9)"),
    "silence": N_("%(value)s s (1.5 s at most)"),
}
"""The bounds are those of ``checks``; a test compares them."""


def figure_of(check: Check, say: Callable[[str], str], number: Callable[[float], str]) -> str:
    """Return what was measured with its bound, or the words that were found; empty when there is neither.

    ``say`` translates a message id, ``number`` writes a number.
    """
    if check.name in _BOUNDED:
        if check.value is None:
            return ""
        evidence = (check.evidence or "").replace("x", " × ")
        return say(_BOUNDED[check.name]) % {"value": number(check.value), "evidence": evidence}
    return say(N_("“%(words)s”")) % {"words": check.evidence} if check.evidence else ""
