"""A promoted post before, while and after its ads, beside those that could have been promoted and were not."""

from __future__ import annotations

import numpy as np
import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.reports.promoted import (
    LEAST_POSTS,
    LEAST_TOGETHER,
    LEAST_VIEWS,
    MORE_MOST,
    Post,
    Without,
    course_of,
    facts_of,
    gain_of,
    post_of,
    span_of,
    student,
    together,
    without,
)

NOON_MS = 1_790_000_000_000 // HOUR_MS * HOUR_MS
BEGIN_H, END_H, SEEN_H = 48, 72, 120
"""Hours of the story: ads begin, ads end, it is looked at."""


def lived(chance, *, size: float = 1.0, more: float = 0.0, is_paid: bool = False, age_h: int = 48):
    """Return a post whose views fade: ``more`` times as many again in the feed from where ads begin."""
    hours = []
    for hour in range(BEGIN_H - age_h, SEEN_H):
        views = chance.poisson(size * 20 * 0.985 ** (hour - BEGIN_H + age_h))
        if hour >= BEGIN_H:
            views += chance.poisson(more * views)
        hours.append((NOON_MS + hour * HOUR_MS, False, int(views)))
        if is_paid and BEGIN_H <= hour < END_H:
            hours.append((NOON_MS + hour * HOUR_MS, True, 30))
    return post_of(NOON_MS + (BEGIN_H - age_h) * HOUR_MS + 5, hours)


def others(chance, many: int = 30):
    return [
        lived(chance, size=float(np.exp(chance.normal(0, 0.6))), age_h=int(chance.integers(24, 49)))
        for _ in range(many)
    ]


NOW_MS = NOON_MS + SEEN_H * HOUR_MS


def test_what_ads_brought_is_found_beside_those_that_were_left_out():
    chance = np.random.default_rng(3)
    found = course_of(lived(chance, size=1.3, more=1.0, is_paid=True), others(chance), now_ms=NOW_MS)
    assert (found.span.from_ms, found.span.to_ms) == (NOON_MS + BEGIN_H * HOUR_MS, NOON_MS + END_H * HOUR_MS)
    assert found.span.is_over
    assert found.is_enough
    assert found.in_all.differs
    assert found.in_all.low < found.in_all.organic / 2 < found.in_all.high
    assert found.in_all.organic == found.during.organic + found.after.organic
    assert found.after.differs, "it goes on when its ads have stopped"
    assert found.after.paid == 0 < found.during.paid
    assert found.in_all.more_posts == 0


def test_where_ads_brought_nothing_nothing_is_told_and_it_is_said_how_many_posts_would_tell():
    chance = np.random.default_rng(4)
    found = course_of(lived(chance, is_paid=True), others(chance), now_ms=NOW_MS)
    assert not found.in_all.differs
    assert found.in_all.low < 0 < found.in_all.high
    assert 1 <= found.in_all.more_posts <= MORE_MOST


def test_steps_begin_where_ads_do_and_hold_every_view_once():
    chance = np.random.default_rng(5)
    own = lived(chance, is_paid=True)
    found = course_of(own, others(chance), now_ms=NOW_MS)
    assert found.span.from_ms in found.steps
    assert {after - before for before, after in zip(found.steps, found.steps[1:], strict=False)} == {found.span.step_ms}
    assert sum(found.organic) == own.organic.sum()
    assert sum(found.paid) == own.paid.sum()
    first = found.steps.index(found.span.from_ms)
    assert found.without[:first] == [None] * first
    assert None not in found.without[first:]
    assert abs(sum(found.without[first:]) - found.in_all.without) < 0.1 * found.in_all.without
    assert sum(found.organic[:first]) == found.before


def test_a_long_course_is_told_by_the_day_and_ends_two_weeks_after_its_ads():
    chance = np.random.default_rng(6)
    span = span_of(lived(chance, is_paid=True), now_ms=NOW_MS + 90 * DAY_MS)
    assert span.step_ms == DAY_MS
    assert span.seen_ms == span.to_ms + 14 * DAY_MS


def test_without_ads_there_is_no_course_and_while_they_run_no_after():
    chance = np.random.default_rng(7)
    assert course_of(lived(chance), others(chance), now_ms=NOW_MS) is None
    running = course_of(lived(chance, is_paid=True), others(chance), now_ms=NOON_MS + (END_H + 2) * HOUR_MS)
    assert running.after is None
    assert not running.span.is_over
    begun = course_of(lived(chance, is_paid=True), others(chance), now_ms=NOON_MS + BEGIN_H * HOUR_MS)
    assert (begun.in_all.organic, begun.steps[-1]) == (0, begun.span.from_ms)


@pytest.mark.parametrize(("many", "more"), [(0, LEAST_POSTS), (LEAST_POSTS - 2, 2), (LEAST_POSTS, 0)])
def test_too_few_others_are_counted_out(many, more):
    chance = np.random.default_rng(8)
    found = course_of(lived(chance, more=1.0, is_paid=True), others(chance, many), now_ms=NOW_MS)
    assert found.more_others == more
    assert found.is_enough == (more == 0)
    assert (found.in_all.gain is None) == (more > 0)


def test_a_post_that_nobody_had_met_is_put_beside_nothing_and_those_with_ads_are_no_others():
    chance = np.random.default_rng(9)
    young = course_of(lived(chance, size=0.002, is_paid=True), others(chance), now_ms=NOW_MS)
    assert 0 < young.more_views <= LEAST_VIEWS
    assert young.in_all.gain is None
    promoted = [lived(chance, is_paid=True) for _ in range(20)]
    assert course_of(lived(chance, is_paid=True), promoted, now_ms=NOW_MS).others == 0


def test_ends_of_intervals_are_in_order_whatever_is_asked():
    chance = np.random.default_rng(10)
    for many in (12, 13, 40, 200):
        facts = chance.normal(3, 1, (many, 3))
        views = chance.poisson(np.exp(facts[:, :1] + chance.normal(0, 2, (many, 4)))).astype(float)
        found = without(facts.mean(axis=0) + chance.normal(0, 0.5, 3), facts, views)
        assert (found.low >= 0).all()
        assert (found.low <= found.middle).all()
        assert (found.middle <= found.high).all()
    alike = without(np.ones(3), np.ones((12, 3)), np.full((12, 2), 7.0))
    assert np.allclose(alike.middle, 7.0)
    assert np.allclose(alike.high, alike.low)
    assert without(np.ones(3), np.ones((11, 3)), np.ones((11, 1))) is None


def young_posts(chance, *, older: int) -> list[Post]:
    """Posts of the last day, of which some are hours older: what they know of age and of fading is next to nothing."""
    found = []
    for number in range(30):
        begin_h = BEGIN_H - (26 if number < older else int(chance.integers(20, 23)))
        views = [1 if number < older and not hour else int(chance.integers(1, 6)) for hour in range(SEEN_H - begin_h)]
        hours = [(NOON_MS + (begin_h + hour) * HOUR_MS, False, many) for hour, many in enumerate(views)]
        found.append(post_of(NOON_MS + begin_h * HOUR_MS, hours))
    return found


@pytest.mark.parametrize("older", [0, 1])
def test_of_a_post_that_is_unlike_all_others_nothing_is_told_rather_than_any_number(older):
    chance = np.random.default_rng(3)
    long_ago = [(NOON_MS - 7 * DAY_MS, False, 200_000)]
    since = [(NOON_MS + hour * HOUR_MS, is_paid, 4) for hour in range(BEGIN_H, SEEN_H) for is_paid in (False, True)]
    own = post_of(NOON_MS - 8 * DAY_MS, long_ago + since)
    found = course_of(own, young_posts(chance, older=older), now_ms=NOW_MS)
    assert (found.is_unlike, found.is_enough, found.others) == (True, False, 30)
    assert (found.in_all.without, found.in_all.low, set(found.without)) == (None, None, {None})
    assert together([found.in_all] * 9) is None


def test_strangers_among_the_others_say_nothing_of_how_far_they_would_be_off():
    chance = np.random.default_rng(2)
    young, begin_h = young_posts(chance, older=2), BEGIN_H - 21
    hours = [(NOON_MS + (begin_h + hour) * HOUR_MS, False, 3) for hour in range(SEEN_H - begin_h)]
    own = post_of(NOON_MS + begin_h * HOUR_MS, [*hours, (NOON_MS + BEGIN_H * HOUR_MS, True, 9)])
    found = course_of(own, young, now_ms=NOW_MS)
    assert found.is_enough
    assert -found.in_all.without / 3 < found.in_all.low < 0


def test_what_is_exactly_as_expected_no_number_of_posts_would_tell():
    known = Without(np.array([95.0]), np.array([20.0]), np.array([300.0]), np.array([1.0]), 1.1)
    assert gain_of(95, 0, known, 0).more_posts == MORE_MOST
    assert gain_of(301, 0, known, 0).differs
    assert gain_of(19, 0, known, 0).gain == -76


def test_students_quantiles_are_those_of_tables():
    for free, quantile in ((8, 2.306), (20, 2.086), (60, 2.000), (1_000, 1.962)):
        assert student(free) == pytest.approx(quantile, abs=0.003)


def test_facts_are_of_before_ads_alone():
    chance = np.random.default_rng(11)
    own = lived(chance, is_paid=True)
    cut = post_of(
        own.published_ms,
        [
            (int(at), False, int(many))
            for at, many in zip(own.at, own.organic, strict=True)
            if at < NOON_MS + BEGIN_H * HOUR_MS
        ],
    )
    assert np.array_equal(*(facts_of(one, NOON_MS + BEGIN_H * HOUR_MS) for one in (own, cut)))


def test_several_posts_together_tell_what_none_of_them_tells_alone():
    chance = np.random.default_rng(12)

    def gains(more: float, several: int):
        found = [
            course_of(lived(chance, more=more, is_paid=True), others(chance), now_ms=NOW_MS) for _ in range(several)
        ]
        return [one.in_all for one in found]

    told = together(gains(0.5, 12))
    assert told.differs
    assert told.low < 0.5 < told.high
    assert told.more_posts == 0
    nothing = together(gains(0.0, 12))
    assert nothing.low < 0 < nothing.high
    assert nothing.more_posts >= 1
    assert together(gains(0.5, LEAST_TOGETHER - 1)) is None
    unknown = [gain_of(5, 5, None, 0)] * 20
    assert together(unknown) is None
