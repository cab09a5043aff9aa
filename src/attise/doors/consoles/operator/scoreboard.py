"""The scoreboard: past picks of the scout against what happened, beside what people use instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, paging, pictures, scouted
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.promoted import promotions_together
from attise.doors.site.tongues import spoken
from attise.kernel.clock import rfc3339, to_datetime
from attise.kernel.tongue import Tongue
from attise.management.posts import queries as posts
from attise.measurement.reports.promoted import MORE_MOST
from attise.measurement.scout import queries, words
from attise.measurement.scout.board import MEANS, Board
from attise.measurement.scout.views import TrialView

DRAWN: Final = 60
"""Trials that the chart shows at most, the newest."""
COLUMNS: Final = (
    *("tried_at", "post_id", "score", "low", "high", "verdict", "views", "likes", "last_growth"),
    *(f"picked_by_{name}" for name in MEANS),
    *("growth", "within_interval", "of_the_fastest"),
)
PPM: Final = 1_000_000


@for_operator("GET")
def scoreboard(visit: Visit) -> HttpResponse:
    """Show it: in all, by trial, and pick by pick."""
    board, days = queries.get_boards()
    found = queries.page_picks(page=paging.number_of(visit.request), page_size=paging.PAGE)
    seen = posts.find_posts(one.post_id for one in found.items)
    tongue = spoken()
    context = {
        "board": board,
        "lines": scouted.lines(board),
        "covered": words.share(board.covered, tongue),
        "every": words.growth(board.growth, tongue),
        "boosts": words.growth(board.boost_growth, tongue),
        "chart": _chart(days[:DRAWN][::-1]) if len(days) > 1 else None,
        "brought": _brought(),
        "picks": [_row(one, seen.get(one.post_id), tongue) for one in found.items],
        "total": found.total,
        "pager": paging.pager(found, {}),
    }
    return frame.page(visit, "operator/scoreboard.html", "scoreboard", context)


@for_operator("GET")
def export(visit: Visit) -> HttpResponseBase:
    """Answer every post of every trial as CSV; names of columns are the same in any language."""
    form = "fr" if get_language() == "fr" else "intl"
    day = to_datetime(visit.means.clock.world_ms()).date()
    return csv_file.answer("scoreboard", COLUMNS, _cells(queries.iterate_trials()), form=form, day=day)


def _brought() -> dict[str, Any] | None:
    """Return what ads brought promoted posts, taken together, as text; None: of too few is anything known."""
    view = promotions_together()
    if view is None or view.found is None:
        return None
    found = view.found
    part, low, high = (_signed(end) for end in (found.part, found.low, found.high))
    return {
        "found": found,
        "as_of_ms": view.as_of_ms,
        "part": part,
        "ends": _("%(low)s to %(high)s") % {"low": low, "high": high},
        "may_be_told": found.more_posts < MORE_MOST,
    }


def _signed(part: float) -> str:
    """Return a part as a percentage with its sign: ``+12%``, ``−4 %``."""
    said = words.share(abs(part), spoken())
    return f"{'+' if part >= 0 else formats.MINUS}{said}"


def _row(one: TrialView, post: Any, tongue: Tongue) -> dict[str, Any]:
    others = [str(scouted.MEANS[name]) for name in one.picked_by if name != MEANS[0]]
    return {
        "one": one,
        "name": "" if post is None else pictures.first_line(post),
        "is_there": post is not None,
        "score": f"{round(one.score)}",
        "ends": _("%(low)s to %(high)s") % {"low": round(one.low), "high": round(one.high)},
        "verdict": words.verdict(one.verdict, tongue),
        "dot": scouted.TONES[one.verdict],
        "growth": "" if one.growth is None else words.growth(one.growth, tongue),
        "others": ", ".join(others),
    }


def _chart(days: Sequence[tuple[int, Board]]) -> Chart:
    """Return the mean growth of what was picked at each trial: by the scout, by the last growth, and of all posts."""
    language = formats.language_of(get_language())
    moments = [to_datetime(at_ms).astimezone(get_current_timezone()) for at_ms, _ in days]

    def grown(place: int) -> list[int]:
        return [round(one.lines[place].growth * PPM) for _, one in days]

    def say(value: int | None) -> str:
        return formats.NO_DATA if value is None else words.growth(value / PPM, spoken())

    return charts.chart(
        "trials",
        _("Growth of what was picked, by trial"),
        _("Mean growth in the 48 hours after each trial, organic views alone."),
        steps=[(formats.day_and_clock(one, language), formats.day_short(one.date(), language)) for one in moments],
        steps_name=_("Trial"),
        lines=[
            Line(pgettext("short", "Scout"), "ember", grown(MEANS.index("score"))),
            Line(pgettext("short", "Last growth"), "slate", grown(MEANS.index("last_growth"))),
            Line(pgettext("short", "All posts"), "slate dashed", [round(one.growth * PPM) for _, one in days]),
        ],
        say=say,
        say_mark=say,
        finest=PPM // 100,
    )


def _cells(trials: Iterator[TrialView]) -> Iterator[Sequence[str]]:
    for one in trials:
        yield [
            *(rfc3339(one.at_ms), str(one.post_id), f"{one.score:.1f}", f"{one.low:.1f}", f"{one.high:.1f}"),
            *(one.verdict, str(one.views), str(one.likes), f"{one.last_growth:.4f}"),
            *(str(int(name in one.picked_by)) for name in MEANS),
            "" if one.growth is None else f"{one.growth:.4f}",
            *("" if known is None else str(int(known)) for known in (one.is_covered, one.is_fastest)),
        ]
