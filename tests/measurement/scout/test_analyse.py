"""The posts of a house are ranked from their organic counters, put to trial, and judged two days later."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attise.kernel.limits import HOUR_MS
from attise.measurement.scout import actions, queries
from attise.measurement.scout.bounds import ANALYSE_EVERY_MS, HORIZON_H, SETTLING_MS, TRIAL_EVERY_MS
from attise.measurement.scout.counted import Candidate, growth_of, look_at
from attise.measurement.scout.models import Trial
from tests.measurement.scout.counting import count

pytestmark = pytest.mark.django_db


def town(means, several: int = 6, *, age_h: int = 30) -> list[Candidate]:
    """Count something of some posts, the later the more lately; each is of a creator of its own."""
    now_ms = means.clock.world_ms()
    found = []
    for place in range(several):
        post_id = 100 + place
        for hour in range(1, age_h):
            views = int(40 * (1 + place * hour / 10))
            acts = {"likes": views // 10, "comments": views // 50, "shares": views // 40, "completions": views // 3}
            watched = {"views_2s": views // 2, "views_6s": views // 3}
            count(post_id, now_ms - (age_h - hour) * HOUR_MS, views=views, **acts, **watched)
        found.append(Candidate(post_id, post_id % 10, "beauty", now_ms - age_h * HOUR_MS, 15.0))
    return found


def test_counters_by_the_hour_become_looks():
    now = 1_000 * HOUR_MS
    one = Candidate(7, 1, "beauty", now - 5 * HOUR_MS // 2, 15.0)
    hours = [(997 * HOUR_MS, (50, 5, 1, 0, 2, 10, 40, 20)), (999 * HOUR_MS, (50, -2, 1, 0, 0, 10, 40, 0))]
    look = look_at(one, hours, now + 10)
    assert look is not None
    assert ((look.at_ms - now) / HOUR_MS).tolist() == [-2, -1, 0, 10 / HOUR_MS]
    assert look.counts[:, 0].tolist() == [50, 50, 100, 100]
    assert look.counts[-1, 1:].tolist() == [5, 2, 0, 2]  # likes that were taken back count at their highest
    assert look.completion == pytest.approx(0.2)
    assert look.retention == pytest.approx(0.8 * (0.2 / 0.8) ** 0.25)
    assert look_at(one, hours, one.published_at_ms) is None
    few = look_at(one, [(997 * HOUR_MS, (5, 0, 0, 0, 0, 5, 5, 5))], now)
    assert few is not None
    assert few.completion is None


def test_growth_is_of_the_views_between_two_moments():
    hours = [(hour * HOUR_MS, 10) for hour in range(10)]
    assert growth_of(90, hours, 2 * HOUR_MS, 5 * HOUR_MS) == 0.3
    assert growth_of(90, [(2 * HOUR_MS, -5)], 2 * HOUR_MS, 5 * HOUR_MS) == 0


def test_posts_are_ranked_by_organic_counts_and_kept(means):
    candidates = town(means)
    count(100, means.clock.world_ms() - HOUR_MS, is_paid=True, views=1_000_000, shares=50_000)
    assert actions.is_due(means)
    assert actions.analyse(means, candidates) == 6
    page = queries.page_standings()
    assert page.total == 6
    turns = ["boost_now", "watch", "too_early", "too_late"]
    told = [(turns.index(one.verdict), -one.score) for one in page.items]
    assert told == sorted(told), "what can be boosted now comes first, then the best"
    assert page.items[-1].post_id == 100  # it alone does not rise
    paid = queries.find_standing(100)
    assert paid is not None
    assert paid.views < 2_000
    assert paid.reasons
    assert paid.signals["completion"] > 0
    assert paid.low <= paid.score <= paid.high
    analysis = queries.find_analysis()
    assert analysis is not None
    assert (analysis.at_ms, analysis.posts) == (means.clock.world_ms(), 6)
    assert analysis.next_at_ms == means.clock.world_ms() + ANALYSE_EVERY_MS


def test_a_later_analysis_takes_the_place_of_the_one_before(means, clock):
    candidates = town(means)
    actions.analyse(means, candidates)
    assert not actions.is_due(means)
    clock.advance(seconds=ANALYSE_EVERY_MS / 1000)
    assert actions.is_due(means)
    actions.analyse(means, candidates[1:])
    assert queries.find_standing(100) is None
    assert queries.page_standings().total == 5
    assert queries.page_standings(verdicts=["boost_now", "watch"], creator_ids=[1, 2]).total <= 2
    assert [one.post_id for one in queries.page_standings(page=2, page_size=4).items] == [
        queries.page_standings().items[-1].post_id
    ]
    actions.analyse(means, [])  # at the same moment, too
    assert queries.page_standings().total == 0


def test_a_trial_is_judged_two_days_later_and_once_a_day(means, clock):
    candidates = town(means)
    actions.analyse(means, candidates)
    assert Trial.objects.count() == 6
    actions.analyse(means, candidates)
    assert Trial.objects.count() == 6
    assert actions.judge_trials(means) == 0
    views = {one.post_id: one.views for one in Trial.objects.all()}
    began = means.clock.world_ms()
    for post_id in views:
        count(post_id, began + 3 * HOUR_MS, views=(post_id - 99) * 100)
        count(post_id, began + 3 * HOUR_MS, is_paid=True, views=70_000)
        count(post_id, began + (HORIZON_H + 1) * HOUR_MS, views=9_000)  # after its two days
    clock.advance(seconds=(HORIZON_H * HOUR_MS + SETTLING_MS) / 1000)
    assert actions.judge_trials(means) == 6
    assert actions.judge_trials(means) == 0
    growth = dict(Trial.objects.values_list("post_id", "growth"))
    assert growth == {post: pytest.approx((post - 99) * 100 / (views[post] + 10)) for post in views}
    board = queries.get_board()
    assert (board.trials, board.posts) == (1, 6)
    assert {line.means for line in board.lines} == {"score", "last_growth", "likes", "chance"}
    assert all(line.picked == 1 for line in board.lines)


def test_a_new_trial_begins_a_day_after_the_last(means, clock):
    candidates = town(means)
    actions.analyse(means, candidates)
    clock.advance(seconds=TRIAL_EVERY_MS / 1000)
    actions.analyse(means, candidates)
    assert len(set(Trial.objects.values_list("at_ms", flat=True))) == 2


def test_reading_a_hundred_posts_takes_as_many_statements_as_reading_six(means):
    few, many = town(means, 6, age_h=8), town(means, 40, age_h=8)
    spent = []
    for candidates in (few, many):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            actions.analyse(means, candidates)
        spent.append(len(caught))
    assert spent[1] <= spent[0] + 1


def test_a_house_without_posts_is_analysed_too(means):
    assert actions.analyse(means, []) == 0
    assert queries.find_analysis() is not None
    board = queries.get_board()
    assert (board.posts, board.growth, board.covered) == (0, 0, 0)
    assert np.isfinite([line.precision for line in board.lines]).all()
