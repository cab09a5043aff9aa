"""A ranking in the terminal: a bar for each score, its interval, the verdict, the deadline, and three reasons."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Final

import click

from attise.kernel.errors import N_
from attise.kernel.tongue import Tongue
from attise.measurement.scout import words
from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, TOO_LATE, WATCH
from attise.measurement.scout.ranking import Ranking, Scored
from attise.measurement.scout.reading import rows
from attise.measurement.scout.reading.gathered import Read

WIDTH: Final = 80
BAR: Final = 20
NAME: Final = 30
SKIPPED_SHOWN: Final = 10
COLOURS: Final = {BOOST_NOW: "green", WATCH: "yellow", TOO_EARLY: "cyan", TOO_LATE: "bright_black"}
SAID: Final[dict[str, str]] = {
    "score": N_("A score of 50 expects half as many views again in 48 hours; in brackets, what comes 4 times of 5."),
    "until": N_("boost before %(at)s"),
    "from": N_("from %(at)s"),
    "growth": N_("views in 48 h: %(middle)s (%(low)s to %(high)s)"),
    "paid": N_("a paid view brings %(middle)s organic views (%(low)s to %(high)s)"),
    "more": N_("… and %(count)s more (--top, --json, --csv, --html)"),
    "none": N_("No post could be read."),
    "skipped": N_("Left out: %(count)s"),
    "timed": N_("Without the time of the look, taken at the file's own: %(files)s. Say it with --at."),
}


def lines_of(
    ranking: Ranking, read: Read, tongue: Tongue, zone: str, *, top: int, colour: bool | None
) -> Iterator[str]:
    """Yield the lines; ``colour`` None leaves it to the terminal."""
    if not ranking.posts:
        yield said("none", tongue)
    else:
        yield summary(ranking, tongue, zone)
        yield from textwrap.wrap(words.mode(ranking.mode, tongue), WIDTH)
        yield from textwrap.wrap(said("score", tongue), WIDTH)
        for one in ranking.posts[:top]:
            yield ""
            yield from _post(one, tongue, zone, colour=colour)
        if len(ranking.posts) > top:
            yield ""
            yield said("more", tongue, count=words.count(len(ranking.posts) - top, tongue))
    yield from skipped_lines(read, tongue)
    if read.timed_by_file:
        files = ", ".join(rows.printable(name) for name in read.timed_by_file[:3])
        files += "…" if len(read.timed_by_file) > 3 else ""  # noqa: PLR2004 - as many as are named
        yield from textwrap.wrap(said("timed", tongue, files=files), WIDTH)


def skipped_lines(read: Read, tongue: Tongue) -> Iterator[str]:
    """Yield what was left out, with file and line."""
    if not read.skipped:
        return
    count = len(read.skipped) + read.skipped_more
    yield ""
    yield said("skipped", tongue, count=words.count(count, tongue))
    for one in read.skipped[:SKIPPED_SHOWN]:
        place = rows.printable(one.file) + (f":{one.line}" if one.line else "")
        reason = tongue.gettext(rows.REASONS[one.reason])
        yield f"  {place}  {reason}" + (f" ({one.detail})" if one.detail else "")
    if count > SKIPPED_SHOWN:
        yield "  …"


def summary(ranking: Ranking, tongue: Tongue, zone: str) -> str:
    """Return how many posts were ranked, and as of when."""
    several = len(ranking.posts)
    now = words.moment(ranking.now_ms, tongue, zone)
    text = tongue.ngettext("%(count)s post, as of %(now)s", "%(count)s posts, as of %(now)s", several)
    return text % {"count": words.count(several, tongue), "now": now}


def growth(one: Scored, tongue: Tongue) -> str:
    """Return the forecast of a post's growth, with its interval."""
    low, middle, high = (words.growth(value, tongue) for value in one.growth)
    return said("growth", tongue, low=low, middle=middle, high=high)


def when(one: Scored, tongue: Tongue, zone: str) -> str:
    """Return from when, or until when, to boost; empty where there is nothing to say of it."""
    parts = []
    if one.verdict == TOO_EARLY and one.from_ms is not None:
        parts.append(said("from", tongue, at=words.moment(one.from_ms, tongue, zone)))
    if one.until_ms is not None:
        parts.append(said("until", tongue, at=words.moment(one.until_ms, tongue, zone)))
    return ", ".join(parts)


def bar(score: float, interval: tuple[float, float], width: int = BAR) -> str:
    """Return a score as a bar: full up to it, and how far its interval goes beyond and below it."""
    low, at, high = (round(value / 100 * width) for value in (interval[0], score, interval[1]))
    return "█" * low + "▓" * (at - low) + "▒" * (high - at) + "·" * (width - high)


def said(what: str, tongue: Tongue, **figures: str) -> str:
    """Return one of the sentences of the table."""
    return tongue.gettext(SAID[what]) % figures


def _post(one: Scored, tongue: Tongue, zone: str, *, colour: bool | None) -> Iterator[str]:
    verdict = words.verdict(one.verdict, tongue)
    if colour is not False:
        verdict = click.style(verdict, fg=COLOURS[one.verdict], bold=one.verdict == BOOST_NOW)
    low, high = (f"{value:.0f}" for value in one.interval)
    yield f"{_fitted(one.post, NAME)} {bar(one.score, one.interval)} {one.score:3.0f} [{low}–{high}] {verdict}"
    if one.title:
        yield f"  {_fitted(one.title, WIDTH - 2).rstrip()}"
    for line in (when(one, tongue, zone), *_figures(one, tongue)):
        yield from textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for reason in one.reasons:
        sign = "+" if reason.effect > 0 else "−" if reason.effect < 0 else "•"
        text = words.sentence(reason, tongue, zone)
        yield from textwrap.wrap(text, WIDTH, initial_indent=f"  {sign} ", subsequent_indent="    ")


def _figures(one: Scored, tongue: Tongue) -> tuple[str, str]:
    low, middle, high = (words.times(value, tongue) for value in one.organic_per_paid)
    return growth(one, tongue), said("paid", tongue, low=low, middle=middle, high=high)


def _fitted(text: str, width: int) -> str:
    """Return a text cut or filled to so many columns of a terminal."""
    kept, used = "", 0
    for sign in text:
        wide = 2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1
        if used + wide > width - 1:
            return kept + "…" + " " * (width - used - 1)
        kept, used = kept + sign, used + wide
    return kept + " " * (width - used)
