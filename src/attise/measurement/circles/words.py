"""What is said of circles to those whose posts they are: where a post is, since when, and why.

Texts are message ids; the tongue that is handed over knows them in its language.
"""

from __future__ import annotations

from typing import Final

from attise.kernel.errors import N_
from attise.kernel.tongue import Tongue
from attise.measurement.circles.moving import Reason, State

STATES: Final[dict[str, str]] = {
    State.TESTING: N_("Being tested"),
    State.OPEN: N_("Open to everyone"),
    State.STOPPED: N_("No longer progressing"),
}
FIRST: Final = N_("your followers, people who care for its subject, and a few others by chance")
FIRST_ALONE: Final = N_("your followers and people who care for its subject")
WIDER: Final = N_("people further and further from its subject as well")
EVERYONE: Final = N_("everyone")
REASONS: Final[dict[str, str]] = {
    Reason.BEGAN: N_("Met for the first time: the video enters its first circle."),
    Reason.PROMOTED: N_("It was liked more than most videos at this stage (%(met)s impressions): its circle widens."),
    Reason.FELL_SHORT: N_(
        "It held people less than other videos at this stage (%(met)s impressions): its circle widens no more."
    ),
    Reason.TOO_FEW: N_("A week was not enough to show it enough (%(met)s impressions) for its circle to widen."),
    Reason.GROWTH_OVER: N_("Open to everyone, it is watched less and less from one half-day to the next."),
    Reason.CAME_BACK: N_("Those who met it since liked it clearly better (%(met)s impressions): it is tested again."),
    Reason.LADDER: N_("There are fewer circles than before: it was at the end already."),
}


def state(code: str, tongue: Tongue) -> str:
    """Return what a state is called."""
    return tongue.gettext(STATES[code])


def audience(circle: int, last: int, tongue: Tongue, *, is_tested: bool = True) -> str:
    """Return whom a circle is made of; only what is tested is shown to others by chance."""
    first = FIRST if is_tested else FIRST_ALONE
    return tongue.gettext(EVERYONE if circle >= last else first if circle == 0 else WIDER)


def reason(code: str, met: int, tongue: Tongue) -> str:
    """Return why a post moved, with the impressions by which it was judged."""
    return tongue.gettext(REASONS[code]) % {"met": tongue.number(f"{met:,}")}
