"""What the scout says: verdicts, reasons with their figures, moments; in the tongue that is handed over.

Texts are message ids, as everywhere else; which catalogue they are looked up in, doors know.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from attise.kernel.errors import N_
from attise.kernel.tongue import HARD, MONTHS, Tongue
from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, TOO_LATE, WATCH
from attise.measurement.scout.reasons import Reason

VERDICTS: Final[dict[str, str]] = {
    TOO_EARLY: N_("Too early"),
    BOOST_NOW: N_("Boost now"),
    WATCH: N_("Watch"),
    TOO_LATE: N_("Too late"),
}
MODES: Final[dict[str, str]] = {
    "level": N_("One look at each post: its level alone is judged, not its growth. A second look would say far more."),
    "growth": N_(
        "Several looks: growth is judged, with the level. Two of them say little; more will narrow the intervals."
    ),
}
SIGNALS: Final[dict[str, str]] = {
    "views": N_("views"),
    "likes": N_("likes"),
    "comments": N_("comments"),
    "shares": N_("shares"),
    "saves": N_("saves"),
    "completion": N_("watched to the end"),
    "retention": N_("still there at 3 seconds"),
}
_USUAL: Final = N_("what is usual of this creator and category")
_USUAL_ALONE: Final = N_("what is usual of the posts compared")
REASONS: Final[dict[str, str]] = {
    "pace": N_(
        "Views an hour in the last six: %(per_hour)s, %(ratio)s times what a post of that age and size usually gets."
    ),
    "peak": N_(
        "Views an hour in the last six: %(per_hour)s, more than its own views bring back: a peak usually falls."
    ),
    "carried": N_("Views an hour in the last six: %(per_hour)s, few at that age, but its own views will bring more."),
    "trend": N_("%(now)s views within %(hours)s, %(before)s in as long before: usually %(usual)s would come."),
    "fading": N_(
        "%(now)s views within %(hours)s, %(before)s in as long before, usually %(usual)s, "
        "but the course of its last hours tells of fewer to come."
    ),
    "rising": N_(
        "%(now)s views within %(hours)s, %(before)s in as long before, usually %(usual)s, "
        "but the course of its last hours tells of more to come."
    ),
    "age": N_("Published %(hours)s ago."),
    "views": N_("%(own)s views, %(ratio)s times %(usual_of)s at that age (%(usual)s)."),
    "likes": N_("Likes: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "comments": N_("Comments: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "shares": N_("Shares: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "saves": N_("Saves: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "completion": N_("Watched to the end: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "retention": N_("Still there at 3 seconds: %(own)s of views, %(ratio)s times %(usual_of)s (%(usual)s)."),
    "too_old": N_("Published %(hours)s ago: a boost does most from 24 to %(window_h)s hours after publication."),
    "still_growing": N_(
        "More than %(window_h)s hours after publication, more views still expected in 48 hours: %(growth)s."
    ),
    "opens": N_("The window opens on %(at_ms)s, 24 hours after publication."),
    "stalled": N_("It is no longer progressing: views expected in %(hours)s hours, %(growth)s."),
    "few_views": N_("%(views)s views: below %(least)s, rates say nothing yet."),
    "stale": N_("Last look on %(at_ms)s: more than %(hours)s hours ago, too old to judge by."),
    "no_publication": N_("Its time of publication is not known: the 24 to 72 hours cannot be checked."),
    "likes_alone": N_(
        "Likes at %(ratio)s times the usual, and nothing else above it: look closer, bought likes look like this."
    ),
    "fell": N_("A counter went down between two looks (%(counters)s): its highest is kept."),
}
_RATES: Final = frozenset({"own", "usual"})
_COUNTED: Final = frozenset({"views", "pace", "trend", "peak", "carried", "fading", "rising"})
"""Reasons whose figures are counts, not rates."""
_SPANS: Final = frozenset({"age", "too_old", "trend", "fading", "rising"})


def sentence(reason: Reason, tongue: Tongue, zone: str = "UTC") -> str:
    """Return one reason in words."""
    figures = {name: _figure(reason.code, name, value, tongue, zone) for name, value in reason.figures.items()}
    if "peers" in figures:
        usual = _USUAL if reason.figures["peers"] else _USUAL_ALONE
        figures["usual_of"] = tongue.gettext(usual)
    return tongue.gettext(REASONS[reason.code]) % figures


def verdict(code: str, tongue: Tongue) -> str:
    """Return what a verdict is called."""
    return tongue.gettext(VERDICTS[code])


def mode(code: str, tongue: Tongue) -> str:
    """Return what a mode means."""
    return tongue.gettext(MODES[code])


def signal(name: str, tongue: Tongue) -> str:
    """Return what a signal is called."""
    return tongue.gettext(SIGNALS[name])


def moment(at_ms: int, tongue: Tongue, zone: str = "UTC") -> str:
    """Return a moment, to the minute, with its zone."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    day = f"{at.day} {MONTHS[tongue.language][at.month - 1]} {at.year}"
    clock = f" à {at.hour} h {at.minute:02d}" if tongue.language == "fr" else f", {at:%H:%M}"
    return f"{day}{clock} ({at.tzname()})".replace(" ", HARD)


def count(value: float, tongue: Tongue) -> str:
    """Return a count with its thousands apart."""
    return tongue.number(f"{round(value):,}")


def share(value: float, tongue: Tongue) -> str:
    """Return a share as a percentage: two digits that say something, none where they do not."""
    percent = max(value, 0.0) * 100
    digits = 0 if percent >= 10 or percent == 0 else (1 if percent >= 1 else 2)  # noqa: PLR2004 - decimals by size
    return tongue.percent(f"{percent:.{digits}f}")


def growth(value: float, tongue: Tongue) -> str:
    """Return by how much something grows: as a percentage, or as a factor where that says it better."""
    if value >= 10:  # noqa: PLR2004 - as many times more
        return f"×{times(value + 1, tongue)}"
    return f"+{share(value, tongue)}"


def span(hours: float, tongue: Tongue) -> str:
    """Return how long something took, in hours, or in days beyond four."""
    if hours >= 96:  # noqa: PLR2004 - four of them
        number = round(hours / 24)
        text = tongue.ngettext("%(number)s day", "%(number)s days", number)
    else:
        number = round(hours)
        text = tongue.ngettext("%(number)s hour", "%(number)s hours", number)
    return (text % {"number": count(number, tongue)}).replace(" ", HARD)


def times(value: float, tongue: Tongue) -> str:
    """Return a factor."""
    digits = 0 if value >= 10 else 1 if value >= 0.1 or value == 0 else 2  # noqa: PLR2004 - as above
    return tongue.number(f"{value:.{digits}f}")


def _figure(code: str, name: str, value: Any, tongue: Tongue, zone: str) -> str:
    if name == "counters":
        return ", ".join(signal(one, tongue) for one in value)
    if name == "at_ms":
        return moment(value, tongue, zone)
    say = count
    if name == "growth":
        say = growth
    elif name == "hours" and code in _SPANS:
        say = span
    elif name in _RATES and code not in _COUNTED:
        say = share
    elif name == "ratio" or (name == "per_hour" and value < 10):  # noqa: PLR2004 - a decimal by size
        say = times
    return say(value, tongue)
