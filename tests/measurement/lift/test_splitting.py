"""What a split test came to: whom it met by the log, what its ads brought by facts, and what may be said of that."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from attise.kernel.limits import DAY_MS
from attise.kernel.money import MICROS
from attise.measurement.lift.actions import forget_people, forget_unknown, sweep
from attise.measurement.lift.models import Meeting
from attise.measurement.lift.queries import list_met
from attise.measurement.lift.splitting import LEAST_CONVERSIONS, LEAST_IMPRESSIONS, compared, least_effect
from attise.measurement.lift.study import Verdict
from attise.measurement.reports.compared import OF_SIDE, Newcomers, Sides, brought_by_sides, newcomers_of
from tests.measurement.attribution.happened import claims
from tests.measurement.lift.trial import Trial
from tests.measurement.reports.facing import decision_of

TEST, FIRST, SECOND = 71, 501, 502


def sides(**brought: np.ndarray) -> Sides:
    """What two sides brought of people, of whom everybody knows their own side by their number: even, odd."""
    count = len(brought["impressions"])
    is_second = np.arange(count) % 2 == 1
    sums = {name: np.asarray(brought.get(name, np.zeros(count)), np.int64) for name in OF_SIDE}
    return Sides(
        [f"v{number:05}" for number in range(count)],
        np.arange(count) // 2 % 7,
        {name: (np.where(is_second, 0, one), np.where(is_second, one, 0)) for name, one in sums.items()},
    )


def met(count: int) -> dict[str, int]:
    return {f"v{number:05}": number % 2 for number in range(count)}


def lived(rng: np.random.Generator, count: int, *, better: float = 1.0, spend: int = 2_000) -> Sides:
    """Viewers with one to five impressions, who complete a third of them, the even ones ``better`` times as often."""
    even = np.arange(count) % 2 == 0
    impressions = rng.integers(1, 6, count)
    usual = rng.beta(2, 4, count)
    completions = rng.binomial(impressions, np.minimum(usual * np.where(even, better, 1.0), 1.0))
    carts = rng.binomial(impressions, np.where(even, 0.02 * better, 0.02))
    return sides(
        impressions=impressions,
        completions=completions,
        carts=carts,
        clicks=rng.binomial(impressions, 0.1),
        charged_micros=impressions * spend,
    )


def test_what_truly_differs_is_told_with_an_interval_that_holds_it():
    rng = np.random.default_rng(1)
    found = compared(met(20_000), lived(rng, 20_000, better=1.3), run_ms=14 * DAY_MS)
    lines = {one.measure.name: one for one in found.lines}
    completion = lines["completion_rate"]
    assert (completion.verdict, completion.lacking) == (Verdict.MORE, None)
    assert completion.relative is not None
    assert completion.relative.low < 0.298 < completion.relative.high
    cart = lines["cost_per_cart"]
    assert (cart.verdict, cart.measure.less_is_better) == (Verdict.LESS, True)
    assert cart.first.ratio == pytest.approx(2_000 / MICROS / 0.026, rel=0.1)
    assert lines["comment_rate"].verdict is Verdict.TOO_LITTLE  # nobody commented: nothing can be told of it
    assert found.viewers == found.seen == (10_000, 10_000)
    assert found.balance.is_right


def test_alike_sides_differ_five_times_of_a_hundred():
    rng = np.random.default_rng(2)
    told = []
    for _ in range(400):
        lines = compared(met(8_000), lived(rng, 8_000), run_ms=DAY_MS).lines
        told.append([one.verdict in {Verdict.MORE, Verdict.LESS} for one in lines[:2]])
        assert {one.verdict for one in lines[:1]} != {Verdict.TOO_LITTLE}
    for part in np.mean(told, axis=0):
        assert 0.02 < part < 0.085, part


def test_below_its_least_there_is_no_verdict_but_how_much_more_and_about_how_long():
    rng = np.random.default_rng(3)
    found = compared(met(1_000), lived(rng, 1_000, better=2.0), run_ms=2 * DAY_MS)
    first, second = found.lines[:2]
    have = min(found.sums["impressions"])
    assert first.verdict is Verdict.TOO_LITTLE
    assert first.lacking is not None
    assert first.lacking.more == LEAST_IMPRESSIONS - have
    assert first.lacking.days == pytest.approx(2 * (LEAST_IMPRESSIONS - have) / have, abs=1)
    assert second.lacking is not None
    assert (second.lacking.counted, second.lacking.more) == ("carts", LEAST_CONVERSIONS - min(found.sums["carts"]))
    nothing = compared({}, sides(impressions=np.zeros(0)), run_ms=DAY_MS)
    assert {one.verdict for one in nothing.lines} == {Verdict.TOO_LITTLE}
    assert {one.lacking.days for one in nothing.lines if one.lacking} == {None}


def test_where_one_side_lost_people_nothing_is_to_be_believed():
    rng = np.random.default_rng(4)
    people = met(20_000)
    lost = {person: side for person, side in people.items() if side == 0 or int(person[1:]) % 20 != 1}
    found = compared(lost, lived(rng, 20_000, better=1.3), run_ms=14 * DAY_MS)
    assert not found.balance.is_right
    assert {one.verdict for one in found.lines} == {Verdict.BROKEN}


def test_whom_no_test_met_and_what_the_other_side_brought_is_left_out():
    brought = sides(impressions=np.array([3, 4, 5, 6]))
    found = compared({"v00000": 0, "v00001": 0, "v00002": 1}, brought, run_ms=DAY_MS)
    assert found.sums["impressions"] == (3, 0)
    assert found.viewers == (2, 1)
    assert found.seen == (1, 0)


def test_what_could_be_told_narrows_with_the_root_of_the_viewers():
    assert least_effect(10_000, 0.3) == pytest.approx(2 * least_effect(40_000, 0.3))
    assert least_effect(10_000, 0.3) == pytest.approx(0.0257, rel=0.01)


@pytest.fixture
def trial(means, tmp_path):
    made = Trial(means, tmp_path).opened()
    yield made
    made.close()


def test_days_add_up_to_the_whole_and_their_intervals_hold_what_is_true():
    rng = np.random.default_rng(3)
    held, told = 0, 0
    for _ in range(20):
        found = compared(met(14_000), lived(rng, 14_000), run_ms=7 * DAY_MS)
        assert [one.day for one in found.days] == list(range(7))
        for name, both in found.sums.items():
            assert tuple(sum(one.sums[name][side] for one in found.days) for side in (0, 1)) == both
        for one in found.days:
            for rate in one.rates["completion_rate"]:
                assert rate is not None
                assert rate.low is not None
                assert rate.high is not None
                told += 1
                held += rate.low <= 1 / 3 <= rate.high
    assert 0.92 <= held / told <= 0.98, f"{held} of {told}"


def test_a_day_without_anything_is_told_and_a_rate_of_few_has_no_interval():
    brought = sides(impressions=np.full(40, 3), clicks=np.array([1] * 12 + [0] * 28))
    late = Sides(brought.people, np.where(np.arange(40) < 20, 100, 103), brought.sums)
    found = compared(met(40), late, run_ms=4 * DAY_MS).days
    assert [one.day for one in found] == [100, 101, 102, 103]
    assert found[1].rates["click_rate"] == (None, None)
    assert found[1].sums["impressions"] == (0, 0)
    first, _second = found[0].rates["click_rate"]
    assert first is not None
    assert (first.ratio, first.low) == (6 / 30, None), "six viewers do not say how clicks scatter"


@pytest.mark.django_db(transaction=True)
class TestOfTheLog:
    """A test is met in the log, and what its ads brought stands in facts."""

    def shown(self, trial, person, side, **said):
        """Leave the record of a contest of the test that the ad of a side won; returns its claims."""
        ad = msgspec.structs.replace(trial.ad, adgroup_id=(FIRST, SECOND)[side])
        of = claims(trial.means, ad, viewer=person, post_id=trial.post, creator_id=trial.creator)
        trial.keep(msgspec.structs.replace(decision_of(of), splits=((TEST, side),), **said))
        return of

    def compare(self, trial):
        since_ms = trial.means.clock.world_ms() - DAY_MS
        asked = {"level": "adgroup", "first_id": FIRST, "second_id": SECOND}
        found = brought_by_sides(trial.house, since_ms=since_ms, until_ms=since_ms + 2 * DAY_MS, **asked)
        return compared(list_met(TEST), found, run_ms=DAY_MS)

    def test_both_sides_are_read_back(self, trial):
        told = []
        for number in range(40):
            side, person = number % 2, f"v{number:02}"
            of = self.shown(trial, person, side)
            told.append(trial.does(person, "impression", of=of, after_s=2))
            if number % 4 < 2:
                told.append(trial.does(person, "follow", of=of, after_s=9))
        self.shown(trial, "", 0)
        trial.happens(told)
        assert list_met(TEST) == {f"v{number:02}": number % 2 for number in range(40)}
        found = self.compare(trial)
        assert (found.viewers, found.seen, found.sums["impressions"]) == ((20, 20), (20, 20), (20, 20))
        assert found.sums["follows"] == (10, 10)
        assert found.sums["charged_micros"] == (20 * 12_345, 20 * 12_345)

    def test_somebody_is_met_once_and_forgotten_and_let_go_of_in_time(self, trial):
        self.shown(trial, "ann", 1)
        trial.means.clock.advance(seconds=60)
        self.shown(trial, "ann", 1)
        self.shown(trial, "bob", 0)
        trial.happens([])
        row = Meeting.objects.get(person="ann")
        assert row.last_at_ms - row.first_at_ms == 60_000
        assert forget_people({"ann"}) == 1
        assert forget_unknown(lambda people: set(people) - {"bob"}, after="", limit=10) == ("", 1)
        assert list_met(TEST) == {}
        self.shown(trial, "cat", 0)
        trial.happens([])
        trial.means.clock.advance(seconds=400 * 86_400)
        assert sweep(trial.means) == 1

    def test_what_was_decided_outside_of_its_time_is_not_of_the_test(self, trial):
        of = self.shown(trial, "ann", 0)
        trial.happens([trial.does("ann", "impression", of=of, after_s=2)])
        now_ms = trial.means.clock.world_ms()
        asked = {"level": "adgroup", "first_id": FIRST, "second_id": SECOND}
        late = brought_by_sides(trial.house, since_ms=now_ms + 1_000, until_ms=now_ms + DAY_MS, **asked)
        assert late.people == []

    def test_who_is_new_to_an_ad_group_is_told_from_who_was_reached_before(self, trial):
        def reach(*people: str) -> None:
            told = []
            for person in people:
                of = self.shown(trial, person, 0)
                told.append(trial.does(person, "impression", of=of, after_s=2))
            trial.happens(told)

        since_ms = trial.means.clock.world_ms() - DAY_MS
        reach("ann", "cat")
        trial.means.clock.advance(seconds=5 * 86_400)
        recent_ms = trial.means.clock.world_ms() - DAY_MS
        reach("ann", "bob")
        asked = {"since_ms": since_ms, "recent_ms": recent_ms}
        assert newcomers_of(trial.house, [FIRST, SECOND], **asked) == {FIRST: Newcomers(reached=2, new=1)}
        assert newcomers_of(trial.house, [], **asked) == {}
