"""Budgets over a day: used, not overspent, along the plan, near the best constant; and the odd days."""

import numpy as np
import pytest

from attise.serving.delivery.pacing.budgets import FAST, LOWEST, SHADE, SLOW_START, THROTTLE, Budgets
from attise.serving.delivery.pacing.control import (
    STEP_MS,
    BudgetPace,
    bids,
    decode_pace,
    entries,
    no_pace,
    smallest,
    step,
)
from attise.serving.delivery.pacing.hindsight import best_entry, best_multiplier, first_multiplier
from tests.serving.delivery.pacing.market import (
    DAY,
    DAYS,
    MINUTE_MS,
    PRICE,
    Log,
    a_budget,
    a_log,
    best_of,
    budget_of,
    run,
)

HOUR_MS = 3_600_000


@pytest.mark.parametrize("mode", [SHADE, THROTTLE], ids=["shading", "throttling"])
@pytest.mark.parametrize("tight", [0.15, 0.6])
def test_a_budget_is_used_along_its_plan_and_near_the_best_constant(mode, tight):
    log = a_log(3)
    limit = budget_of(log, tight)
    course = run(log, limit, mode=mode)
    assert 0.97 <= course.used <= 1
    assert course.error <= 0.05
    assert course.value >= 0.95 * best_of(log, limit, mode).value
    assert course.spent[int(0.93 * 1_440)] < 0.995 * limit, "something is left for the evening's end"
    assert np.std(np.diff(course.level[60:])) <= 0.1


def test_a_budget_beyond_demand_is_not_held_back():
    log = a_log(4)
    course = run(log, budget_of(log, 3.0))
    assert course.spent[-1] >= 0.97 * budget_of(log, 1.0)


def test_a_small_budget_moves_by_wins_not_by_noise():
    log = a_log(5, 2_000)
    limit = int(100 * PRICE)
    course = run(log, limit)
    assert 0.9 <= course.used <= 1
    assert course.error <= 0.12
    changes = np.count_nonzero(np.diff(course.level))
    assert changes <= 200


def test_fast_budgets_are_not_paced():
    log = a_log(6)
    limit = budget_of(log, 0.2)
    course = run(log, limit, mode=FAST)
    assert course.spent[13 * 60] >= 0.99 * limit
    budgets = a_budget(limit, mode=FAST)
    pace = step(no_pace(), budgets, DAYS, now_ms=DAY.begins_at_ms)
    assert (bids(pace, budgets)[0], entries(pace, budgets)[0]) == (1.0, 1.0)


def minutes(pace, budgets_at, first, last):
    for minute in range(first, last):
        pace = step(pace, budgets_at(minute), DAYS, now_ms=DAY.begins_at_ms + minute * MINUTE_MS)
    return pace


def steady(limit, per_minute, **fields):
    return lambda minute: a_budget(limit, minute * per_minute, **fields)


def test_a_late_start_spreads_all_of_the_budget_over_what_is_left_of_the_day():
    noon = 12 * 60
    pace = step(no_pace(), a_budget(10**9), DAYS, now_ms=DAY.begins_at_ms + noon * MINUTE_MS)
    left = DAYS.left(np.array([0]), pace.at_ms)[0]
    per_minute = 10**9 * DAY.traffic[48] / 15 / left
    again = step(pace, a_budget(10**9, int(per_minute)), DAYS, now_ms=DAY.begins_at_ms + (noon + 1) * MINUTE_MS)
    assert again.error[0] == pytest.approx(0, abs=0.02)
    assert again.level[0] == pytest.approx(SLOW_START, abs=0.01)


def test_an_edit_counts_from_the_next_step():
    limit = 432_000_000
    share = np.cumsum(np.repeat(DAY.traffic / 15, 15)) / DAY.traffic.sum()
    before = minutes(no_pace(), lambda minute: a_budget(limit, int(limit * share[minute])), 0, 600)
    assert LOWEST < before.level[0] < -0.1
    spent = int(limit * share[600])
    later = {"now_ms": DAY.begins_at_ms + 600 * MINUTE_MS}
    raised = step(before, a_budget(2 * limit, spent), DAYS, **later)
    cut = step(before, a_budget(spent + (limit - spent) // 2, spent), DAYS, **later)
    assert raised.level[0] > before.level[0] > cut.level[0]


def test_the_next_day_begins_with_yesterdays_multiplier_and_nothing_spent():
    pace = minutes(no_pace(), steady(100_000_000, 400_000), 0, 200)
    tomorrow = a_budget(100_000_000, 0, begins_at_ms=[DAY.ends_at_ms])
    days = type(DAYS)(DAYS.begins + 24 * HOUR_MS, DAYS.ends + 24 * HOUR_MS, DAYS.upto)
    again = step(pace, tomorrow, days, now_ms=DAY.ends_at_ms + 1_000)
    assert again.level[0] == pace.level[0]
    assert again.spent_micros[0] == 0


def test_what_is_spent_far_beyond_plan_takes_part_less_often_at_once():
    budgets = a_budget(100_000_000)
    pace = step(no_pace(), budgets, DAYS, now_ms=DAY.begins_at_ms)
    over = a_budget(100_000_000, 30_000_000)
    braked = step(pace, over, DAYS, now_ms=DAY.begins_at_ms + MINUTE_MS)
    assert entries(braked, over)[0] < 0.2
    calm = braked
    for minute in range(2, 30):
        calm = step(
            calm,
            a_budget(100_000_000, 30_000_000 + minute * 40_000),
            DAYS,
            now_ms=DAY.begins_at_ms + minute * MINUTE_MS,
        )
    assert entries(calm, over)[0] > entries(braked, over)[0]


def test_no_traffic_forecast_and_nothing_left_are_no_faults():
    empty = type(DAYS)(DAYS.begins, DAYS.ends, np.zeros_like(DAYS.upto))
    pace = no_pace()
    with np.errstate(all="raise"):
        for minute in range(5):
            pace = step(pace, a_budget(10**8, minute * 10**6), empty, now_ms=DAY.begins_at_ms + minute * STEP_MS)
        for limit in (0, 1, 10**15):
            pace = step(pace, a_budget(limit, limit), DAYS, now_ms=DAY.begins_at_ms + HOUR_MS)
        nobody = Budgets(*[column[:0] for column in vars(a_budget(1)).values()])
        assert len(step(pace, nobody, DAYS, now_ms=DAY.begins_at_ms)) == 0
    assert LOWEST <= pace.level[0] <= 0


def test_a_budget_that_does_not_bind_is_not_turned_up():
    pace = minutes(no_pace(), steady(10**9, 700_000), 0, 300)
    idle = a_budget(10**9, 300 * 700_000)
    now_ms = DAY.begins_at_ms + 320 * MINUTE_MS
    assert step(pace, idle, DAYS, now_ms=now_ms).level[0] > pace.level[0]
    assert step(pace, idle, DAYS, now_ms=now_ms, binds=np.array([False])).level[0] == pace.level[0]


def two(limits, spents):
    columns = {name: np.concatenate([column, column]) for name, column in vars(a_budget(1)).items()}
    columns |= {"envelope_id": np.array([31, 32]), "limit_micros": np.array(limits), "spent_micros": np.array(spents)}
    return Budgets(**columns)


def test_a_world_whose_clock_was_put_back_begins_anew():
    pace = minutes(no_pace(), steady(10**8, 10**6), 300, 400)
    back = step(pace, a_budget(10**8, 0), DAYS, now_ms=DAY.begins_at_ms + MINUTE_MS)
    assert back.at_ms[0] == DAY.begins_at_ms + MINUTE_MS
    on = step(back, a_budget(10**8, 10**6), DAYS, now_ms=DAY.begins_at_ms + 2 * MINUTE_MS)
    assert on.at_ms[0] > back.at_ms[0]


def test_budgets_come_and_go_and_a_restart_goes_on_where_it_was():
    pace = step(no_pace(), two([10**8, 10**9], [0, 0]), DAYS, now_ms=DAY.begins_at_ms)
    for minute in range(1, 60):
        pace = step(
            pace,
            two([10**8, 10**9], [minute * 10**6, minute * 10**4]),
            DAYS,
            now_ms=DAY.begins_at_ms + minute * MINUTE_MS,
        )
    assert pace.level[0] < pace.level[1]
    kept = decode_pace(pace.encode())
    for name, column in vars(pace).items():
        assert getattr(kept, name).tolist() == column.tolist()
        assert getattr(kept, name).dtype == column.dtype
    later = {"now_ms": DAY.begins_at_ms + 60 * MINUTE_MS}
    alone = step(kept, a_budget(10**9, 600_000, envelope_id=[32]), DAYS, **later)
    both = step(pace, two([10**8, 10**9], [60 * 10**6, 600_000]), DAYS, **later)
    assert alone.level[0] == both.level[1]


@pytest.mark.parametrize("body", [b"", b"\x80", b"\x81\xa5level\x91\xcb", b"nonsense", b"\xc0"])
def test_a_state_of_another_release_costs_a_slow_start_and_nothing_else(body):
    assert isinstance(decode_pace(body), BudgetPace)
    assert len(decode_pace(body)) == 0


def test_the_smallest_of_several_budgets_rules():
    places = np.array([[0, 2, -1], [-1, -1, -1], [1, -1, -1]])
    assert smallest(np.array([0.5, 0.9, 0.3]), places, 1.0).tolist() == [0.3, 1.0, 0.9]


def test_the_best_constant_is_what_a_search_over_constants_finds():
    chance = np.random.default_rng(2)
    values, prices = chance.lognormal(0, 1, 400), chance.lognormal(-0.5, 1, 400)
    limit = prices[prices <= values].sum() * 0.3
    best = best_multiplier(values, prices, limit)
    tried = [
        values[won].sum() for one in np.linspace(0, 1, 4_001) if prices[won := one * values >= prices].sum() <= limit
    ]
    assert best.value == pytest.approx(max(tried), rel=0.01)
    assert best.spent <= limit
    assert best_multiplier(values, prices, 1e9).multiplier <= 1
    assert best_multiplier(values[:0], prices[:0], 5).value == 0
    assert best_entry(values, prices, limit).multiplier == pytest.approx(0.3)
    assert first_multiplier(values, prices, limit, 400) == pytest.approx(0.8 * best.multiplier, rel=0.01)
    assert first_multiplier(values[:0], prices[:0], limit, 400) == 0.8


def test_a_market_in_which_everybody_paces_does_not_swing():
    chance = np.random.default_rng(9)
    bidders, per_minute = 12, 60
    names = np.arange(1, bidders + 1)
    limits = np.full(bidders, 100_000_000)
    one = vars(a_budget(1))
    columns = {name: np.repeat(column, bidders) for name, column in one.items()}
    spent, pace, levels, known = np.zeros(bidders), no_pace(), [], [np.zeros(bidders)] * 2
    for minute in range(1_440):
        budgets = Budgets(
            **(columns | {"envelope_id": names, "limit_micros": limits, "spent_micros": known[-2].astype(np.int64)})
        )
        pace = step(pace, budgets, DAYS, now_ms=DAY.begins_at_ms + minute * MINUTE_MS)
        auctions = int(per_minute * DAY.traffic[minute // 15] / DAY.traffic.mean())
        offers = chance.lognormal(np.log(20_000), 0.5, (auctions, bidders)) * bids(pace, budgets)
        offers[:, spent >= limits] = 0
        order = np.sort(offers, axis=1)
        np.add.at(spent, offers.argmax(axis=1), np.maximum(order[:, -2], 500.0))
        known.append(spent.copy())
        levels.append(pace.level.copy())
    moves = np.diff(np.array(levels)[120:], axis=0)
    assert moves.std() <= 0.1
    assert (spent >= 0.9 * limits).all() or np.exp(levels[-1]).max() == 1.0


def test_a_log_of_nothing_leaves_a_budget_whole():
    nothing = np.zeros(0)
    course = run(Log(nothing, nothing, nothing, nothing), 10**8)
    assert course.spent[-1] == 0
    assert course.level[-1] == 0
