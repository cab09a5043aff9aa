"""Reads of the scout: plain values out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Case, SmallIntegerField, When

from attise.kernel.paging import NumberedPage
from attise.measurement.scout.board import Board, Tried, board_of
from attise.measurement.scout.bounds import BOARD_TRIALS_MOST
from attise.measurement.scout.judging import BOOST_NOW, TOO_EARLY, WATCH, score_of
from attise.measurement.scout.models import Analysis, Standing, Trial
from attise.measurement.scout.views import AnalysisView, StandingView, view_standing

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
    rows = Trial.objects.filter(growth__isnull=False).order_by("-at_ms", "-id")
    columns = ("at_ms", "low", "high", "verdict", "score", "last_growth", "likes", "chance", "growth")
    found = []
    for at_ms, low, high, verdict, *by, growth in rows.values_list(*columns)[:BOARD_TRIALS_MOST]:
        found.append(Tried(at_ms, low, high, verdict, tuple(by), growth, score_of(growth)))
    return board_of(found)
