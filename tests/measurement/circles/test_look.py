"""Posts are looked at in the database: moved once each, whole or not at all, and told with their totals."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from attise.measurement.attribution.actions import publish_totals
from attise.measurement.attribution.queries import list_changed_posts, post_totals
from attise.measurement.circles import actions, queries
from attise.measurement.circles.actions import Candidate
from attise.measurement.circles.models import Move, Plan, Standing, Untold
from attise.records.totals import PostCircle
from tests.measurement.circles.met import DAY_MS, HOUR_MS, counts, meet
from tests.races import at_once

pytestmark = pytest.mark.django_db
LOVED, PLAIN, SKIPPED, PAID = 11, 12, 13, 14


def look(means, *, due: bool = True) -> int | None:
    """Publish what was counted, and look at what changed, as the worker does."""
    publish_totals(means, counted_to_ms=0)
    after = queries.get_totals_version()
    changed, upto = list_changed_posts(after=after, limit=500)
    also = queries.list_due(now_ms=means.clock.world_ms(), limit=500) if due else []
    published = means.clock.world_ms() - HOUR_MS
    candidates = {one: Candidate(one, 5, "sport", 10_000, published) for one in changed}
    return actions.look(means, {*changed, *also}, candidates, after=after, upto=upto)


def places() -> dict[int, tuple[str, int]]:
    return {one.post_id: (one.state, one.circle) for one in Standing.objects.all()}


def spread(means) -> None:
    """Have a loved, a plain and a skipped post be met in a house that has some traffic, and one that is only paid."""
    for post_id in range(100, 140):
        meet(means, post_id, counts(200, loved=0.2 + 0.01 * (post_id - 100)))
    meet(means, LOVED, counts(60, loved=0.9, shares=6, comments=6))
    meet(means, PLAIN, counts(20, loved=0.4))
    meet(means, SKIPPED, counts(60, loved=0.02, negatives=40))
    meet(means, PAID, counts(900, loved=0.95, shares=90), is_paid=True)


def test_a_post_is_met_judged_and_told_with_dates_and_reasons(means):
    spread(means)
    look(means)
    assert places()[LOVED][0] in {"testing", "open"}
    assert places()[LOVED][1] == 1
    assert places()[SKIPPED] == ("stopped", 0)
    view = queries.find_circle(SKIPPED)
    assert (view.reason, view.since_ms, view.met) == ("fell_short", means.clock.world_ms(), 0)
    told = queries.list_moves(SKIPPED)
    assert [one.reason for one in told] == ["fell_short", "began"]
    assert (told[0].met, told[1].at_ms) == (60, means.clock.world_ms() - HOUR_MS)
    assert queries.find_circle(999) is None
    publish_totals(means, counted_to_ms=0)
    assert post_totals([SKIPPED])[SKIPPED].circle.is_progressing is False
    assert post_totals([LOVED])[LOVED].circle.circle == 1
    assert not Untold.objects.exists()


def test_no_money_buys_a_circle(means):
    spread(means)
    look(means)
    assert places()[PAID] == ("testing", 0)
    assert queries.find_circle(PAID).met == 0
    before = post_totals([LOVED])
    meet(means, PLAIN, counts(9_000, loved=0.99, shares=900), is_paid=True)
    look(means)
    assert places()[PLAIN] == ("testing", 0)
    assert Standing.objects.get(post_id=PLAIN).met_before == 0
    assert post_totals([LOVED])[LOVED].organic == before[LOVED].organic


def test_what_was_looked_at_is_not_looked_at_again_and_the_clock_alone_ends_a_batch(means, clock):
    spread(means)
    look(means)
    publish_totals(means, counted_to_ms=0)  # what moved is told, and looked at once more for it
    look(means)
    assert look(means) == 0
    assert list_changed_posts(after=queries.get_totals_version(), limit=9)[0] == []
    clock.advance(seconds=8 * DAY_MS / 1_000)
    assert look(means) > 0
    assert (places()[PLAIN][0], queries.find_circle(PLAIN).reason) in {
        ("stopped", "too_few"), ("testing", "promoted"), ("open", "promoted"),
    }  # fmt: skip


def test_an_open_post_that_falls_for_half_a_day_no_longer_progresses(means, clock):
    spread(means)
    look(means)
    Standing.objects.filter(post_id=LOVED).update(state="open", since_ms=means.clock.world_ms())
    for seen in (150, 70, 20):
        for _ in range(6):
            meet(means, LOVED, counts(seen // 6))
            for post_id in range(100, 110):
                meet(means, post_id, counts(60))
            clock.advance(seconds=3_600)
            look(means)
    assert places()[LOVED][0] == "stopped"
    assert queries.find_circle(LOVED).reason == "growth_over"


def test_of_two_workers_at_once_one_does_nothing(means):
    spread(means)
    publish_totals(means, counted_to_ms=0)
    changed, upto = list_changed_posts(after=0, limit=500)
    candidates = {one: Candidate(one, 5, "sport", 10_000, 0) for one in changed}
    assert actions.look(means, changed, candidates, after=0, upto=upto) is not None
    moves, plan = Move.objects.count(), Plan.objects.get(id=1).body
    assert actions.look(means, changed, candidates, after=0, upto=upto) is None
    assert (Move.objects.count(), Plan.objects.get(id=1).body) == (moves, plan)


@pytest.mark.django_db(transaction=True)
def test_race_of_workers_has_one_of_them_move_each_post_and_once(means):
    spread(means)
    publish_totals(means, counted_to_ms=0)
    changed, upto = list_changed_posts(after=0, limit=500)
    candidates = {one: Candidate(one, 5, "sport", 10_000, 0) for one in changed}
    answers = at_once([lambda: actions.look(means, changed, candidates, after=0, upto=upto)] * 4)
    assert sorted(answer is None for answer in answers) == [False, True, True, True]
    assert Move.objects.filter(reason="began").count() == len(changed) == Standing.objects.count()
    moved = Move.objects.exclude(reason="began").values_list("post_id", flat=True)
    assert len(moved) == len(set(moved))


class Killed(BaseException):
    """The process ends here."""


def test_whoever_dies_at_any_statement_leaves_all_as_it_was_and_the_next_turn_does_the_same(means):
    spread(means)
    publish_totals(means, counted_to_ms=0)
    changed, upto = list_changed_posts(after=0, limit=500)
    candidates = {one: Candidate(one, 5, "sport", 10_000, 0) for one in changed}

    def turn(die_at: int) -> bool:
        """Take the turn, and die at a statement; tells whether it was reached."""
        count = 0

        def wrapper(execute, sql, params, many, context):
            nonlocal count
            count += 1
            if count == die_at:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with transaction.atomic(), connection.execute_wrapper(wrapper):
                actions.look(means, changed, candidates, after=0, upto=upto)
        except Killed:
            return True
        return False

    die_at = 1
    while turn(die_at):
        assert not Move.objects.exists()
        assert not Standing.objects.exists()
        assert queries.get_totals_version() == 0
        die_at += 1
    assert 8 <= die_at <= 20, "statements, whatever the number of posts"
    assert Standing.objects.count() == len(changed)
    assert Untold.objects.count() == len(changed)


def test_totals_of_posts_say_their_circle_and_nothing_before_somebody_met_them(means):
    meet(means, PLAIN, counts(1))
    publish_totals(means, counted_to_ms=0)
    assert post_totals([PLAIN])[PLAIN].circle is None
    look(means)
    publish_totals(means, counted_to_ms=0)
    batch = queries.find_circle(PLAIN).batch
    assert post_totals([PLAIN])[PLAIN].circle == PostCircle(0, 1, is_progressing=True, batch_ends=batch)
