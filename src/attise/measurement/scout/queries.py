"""Reads of the scout: plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Case, Count, SmallIntegerField, When

from attise.kernel.paging import NumberedPage
from attise.measurement.scout.board import MEANS, Board, Tried, best_of, board_of, days_of, several_of
from attise.measurement.scout.bounds import BOARD_TRIALS_MOST
from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, WATCH, score_of
from attise.measurement.scout.models import Analysis, Standing, Trial
from attise.measurement.scout.views import AnalysisView, StandingView, TrialView, view_standing, view_trial

_IN_TURN: Final = Case(
    *(When(verdict=verdict, then=turn) for turn, verdict in enumerate((BOOST_NOW, WATCH, TOO_EARLY))),
    default=3,
    output_field=SmallIntegerField(),
)


def find_analysis() -> AnalysisView | None:
    """Return the last analysis, or None before the first."""
    row = Analysis.objects.filter(id=1).first()
    return None if row is None else AnalysisView(row.at_ms, row.posts, row.learnt_from)


def page_standings(
    *, verdicts: Iterable[str] = (), creator_ids: Iterable[int] | None = None, page: int = 1, page_size: int = 50
) -> NumberedPage[StandingView]:
    """Return what is said of posts, of some verdicts or creators alone. Cost: two statements.

    What can be boosted now comes first, what is too late last; among those of one verdict the best first.
    """
    rows = Standing.objects.order_by(_IN_TURN, "-score", "post_id")
    wanted = list(verdicts)
    if wanted:
        rows = rows.filter(verdict__in=wanted)
    if creator_ids is not None:
        rows = rows.filter(creator_id__in=list(creator_ids))
    begin = (page - 1) * page_size
    items = [view_standing(row) for row in rows[begin : begin + page_size]]
    return NumberedPage(items, page, page_size, rows.count())


def find_standing(post_id: int) -> StandingView | None:
    """Return what was last said of a post, or None."""
    row = Standing.objects.filter(post_id=post_id).first()
    return None if row is None else view_standing(row)


def get_board() -> Board:
    """Return the scoreboard of the newest ``BOARD_TRIALS_MOST`` posts that were tried and judged."""
    return board_of(_judged())


def get_boards() -> tuple[Board, list[tuple[int, Board]]]:
    """Return the same, and the board of each trial alone with its moment (world time), the newest first."""
    tried = _judged()
    return board_of(tried), days_of(tried)


def page_picks(*, page: int = 1, page_size: int = 50) -> NumberedPage[TrialView]:
    """Return what the scout picked at each trial, the newest first and the best of each first; judged or not yet.

    Cost: one statement, and one for each trial that the page reaches into.
    """
    sizes = [(at_ms, several_of(posts)) for at_ms, posts in _trials()]
    begin, items, passed = (page - 1) * page_size, list[TrialView](), 0
    for at_ms, several in sizes:
        first, last = max(begin - passed, 0), min(begin + page_size - passed, several)
        if first < last:
            picked = [one for one in _trial(at_ms) if MEANS[0] in one.picked_by]
            items += picked[first:last]
        passed += several
    return NumberedPage(items, page, page_size, passed)


def iterate_trials() -> Iterator[TrialView]:
    """Yield every post of every trial, the newest first and the best of each first. Cost: one statement a trial."""
    for at_ms, _ in _trials():
        yield from _trial(at_ms)


def _trials() -> list[tuple[int, int]]:
    """Return the trials by their moments, the newest first, with how many posts each had."""
    rows = Trial.objects.values("at_ms").annotate(posts=Count("id")).order_by("-at_ms")
    return list(rows.values_list("at_ms", "posts"))


def _trial(at_ms: int) -> list[TrialView]:
    """Return the posts of a trial, the best first, with who picked each."""
    rows = list(Trial.objects.filter(at_ms=at_ms).order_by("-score", "id"))
    picked = {means: best_of([getattr(row, means) for row in rows]) for means in MEANS}
    is_judged = all(row.growth is not None for row in rows)
    fastest = best_of([row.growth or 0.0 for row in rows]) if is_judged else None
    return [
        view_trial(
            row,
            picked_by=tuple(means for means in MEANS if place in picked[means]),
            is_fastest=None if fastest is None else place in fastest,
        )
        for place, row in enumerate(rows)
    ]


def _judged() -> list[Tried]:
    rows = Trial.objects.filter(growth__isnull=False).order_by("-at_ms", "-id")
    columns = ("at_ms", "low", "high", "verdict", "score", "last_growth", "likes", "chance", "growth")
    found = []
    for at_ms, low, high, verdict, *by, growth in rows.values_list(*columns)[:BOARD_TRIALS_MOST]:
        found.append(Tried(at_ms, low, high, verdict, tuple(by), growth, score_of(growth)))
    return found
