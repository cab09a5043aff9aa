"""Reads of circles: plain values out."""

from __future__ import annotations

from collections.abc import Iterable

from attise.measurement.circles.book import told
from attise.measurement.circles.bounds import OPEN_EVERY_MS, PATIENCE_MS, STOPPED_EVERY_MS
from attise.measurement.circles.models import Move, Plan, Standing
from attise.measurement.circles.moving import State
from attise.measurement.circles.rows import plan_of, read_standings, view_of
from attise.measurement.circles.views import CircleView, MoveView
from attise.records.totals import PostCircle


def get_totals_version() -> int:
    """Return up to which totals posts were looked at. Cost: one keyed read."""
    return Plan.objects.filter(id=1).values_list("totals_version", flat=True).first() or 0


def list_due(*, now_ms: int, limit: int) -> list[int]:
    """Return posts that are to be looked at though nothing was counted: the clock may move them. Two statements.

    *Open* ones that were not asked for a while whether they grow, and tested ones whose batch has had its time.
    """
    rows = Standing.objects.order_by("looked_at_ms").values_list("post_id", flat=True)
    before_ms = now_ms - OPEN_EVERY_MS
    found = list(rows.filter(state=State.OPEN, looked_at_ms__lte=before_ms)[:limit])
    late = rows.filter(state=State.TESTING, looked_at_ms__lte=before_ms, since_ms__lte=now_ms - PATIENCE_MS)
    return found + list(late[: limit - len(found)])


def list_ready(post_ids: Iterable[int], *, now_ms: int) -> tuple[set[int], set[int]]:
    """Return those of some changed posts that have a standing, and of them those that a change may move now.

    Tested ones always; the others every few hours, for a moment matters little to them. Cost: one statement.
    """
    known, ready = set(), set()
    rows = Standing.objects.filter(post_id__in=list(post_ids))
    for post_id, state, looked_at_ms in rows.values_list("post_id", "state", "looked_at_ms"):
        known.add(post_id)
        if now_ms - looked_at_ms >= _EVERY_MS[state]:
            ready.add(post_id)
    return known, ready


_EVERY_MS = {State.TESTING: 0, State.OPEN: OPEN_EVERY_MS, State.STOPPED: STOPPED_EVERY_MS}


def circles_told(post_ids: Iterable[int]) -> dict[int, PostCircle]:
    """Return what decisions are told of the circles of posts, those that have one. Cost: two statements."""
    rows = Standing.objects.filter(post_id__in=list(post_ids))
    found = list(rows.values_list("post_id", "state", "circle", "met_before"))
    if not found:
        return {}
    plan = plan_of(Plan.objects.filter(id=1).first())
    return {post_id: told(state, circle, met_before, plan) for post_id, state, circle, met_before in found}


def find_circles(post_ids: Iterable[int]) -> dict[int, CircleView]:
    """Return how far posts have come, by id; those that nobody met are left out. Cost: two statements."""
    found = read_standings(post_ids)
    if not found:
        return {}
    plan = plan_of(Plan.objects.filter(id=1).first())
    return {one.post_id: view_of(one, plan) for one in found}


def find_circle(post_id: int) -> CircleView | None:
    """Return how far a post has come; None before anybody met it. Cost: two statements at most."""
    return find_circles([post_id]).get(post_id)


def list_moves(post_id: int, *, limit: int = 20) -> list[MoveView]:
    """Return where a post came, the newest first. Cost: one statement."""
    rows = Move.objects.filter(post_id=post_id).order_by("-id")
    return [MoveView(*row) for row in rows.values_list(*MoveView.__slots__)[:limit]]
