"""The cost of a result: held near its target, frozen while nothing is known, and not wound up while money rules."""

import numpy as np
import pytest

from attise.serving.delivery.pacing.target import (
    LEAST,
    MOST,
    STEP_MS,
    Results,
    TargetPace,
    decode_target_pace,
    is_learning,
    multipliers,
    no_target_pace,
    step,
)

START_MS = 1_790_000_000_000
TARGET = 20_000_000


def results(spent, conversions, *, target=TARGET, begins=START_MS, adgroup_id=30):
    return Results(
        np.array([adgroup_id]),
        np.array([target]),
        np.array([begins]),
        np.array([int(spent)]),
        np.array([float(conversions)]),
    )


def world(seed, bias, *, hours=24 * 7, per_step=2_500.0):
    """Spend at a cost that grows with the bid; predictions are ``bias`` times what is true."""
    chance = np.random.default_rng(seed)
    pace, spent, conversions, late = no_target_pace(), 0.0, 0.0, []
    for turn in range(hours * 4):
        now_ms = START_MS + turn * STEP_MS
        pace = step(pace, results(spent, conversions), now_ms=now_ms)
        bid = multipliers(pace)[0]
        volume = per_step * bid
        cost = TARGET * bid * bias * 0.9 / 100
        had = chance.poisson(volume / 100)
        spent, conversions = spent + volume * cost, conversions + had
        late.append((volume * cost, had))
    half = np.array(late[len(late) // 2 :]).sum(axis=0)
    return half[0] / max(half[1], 1), half[1], pace


@pytest.mark.parametrize("bias", [0.8, 1.0, 1.8])
def test_the_cost_settles_within_what_counting_allows_whatever_the_bias_of_predictions(bias):
    for seed in range(3):
        cost, conversions, _ = world(seed, bias)
        assert abs(cost / TARGET - 1) <= 1.96 / np.sqrt(conversions) + 0.05


def test_nothing_moves_while_too_little_is_known():
    pace = step(no_target_pace(), results(0, 0), now_ms=START_MS)
    pace = step(pace, results(2.9 * TARGET, 1), now_ms=START_MS + STEP_MS)
    assert multipliers(pace)[0] == 1.0
    pace = step(pace, results(9 * TARGET, 1), now_ms=START_MS + 2 * STEP_MS)
    assert multipliers(pace)[0] < 1.0


def test_no_step_is_taken_before_its_time():
    pace = step(no_target_pace(), results(0, 0), now_ms=START_MS)
    soon = step(pace, results(50 * TARGET, 5), now_ms=START_MS + STEP_MS - 1)
    assert soon.at_ms[0] == START_MS
    assert multipliers(soon)[0] == 1.0


def test_the_loop_that_does_not_rule_is_not_wound_up():
    free, ruled = no_target_pace(), no_target_pace()
    for turn in range(40):
        told = results(turn * 2 * TARGET, turn * 8), START_MS + turn * STEP_MS
        free = step(free, told[0], now_ms=told[1])
        ruled = step(ruled, told[0], now_ms=told[1], rules=np.array([False]))
    assert free.level[0] == pytest.approx(MOST)
    assert ruled.level[0] == 0.0


def test_bids_stay_between_three_tenths_and_one_and_a_half():
    pace = no_target_pace()
    for turn in range(200):
        pace = step(pace, results(turn * 100 * TARGET, 0), now_ms=START_MS + turn * STEP_MS)
    assert pace.level[0] == pytest.approx(LEAST)


def test_midnight_begins_new_counts_and_keeps_what_was_learned():
    pace = no_target_pace()
    for turn in range(20):
        pace = step(pace, results(turn * 12 * TARGET, turn * 6), now_ms=START_MS + turn * STEP_MS)
    tomorrow = results(0, 0, begins=START_MS + 86_400_000)
    after = step(pace, tomorrow, now_ms=START_MS + 21 * STEP_MS)
    assert after.level[0] == pace.level[0] < 0
    later = results(6 * TARGET, 6, begins=START_MS + 86_400_000)
    assert step(after, later, now_ms=START_MS + 40 * STEP_MS).window_spent[0] > 6 * TARGET


def test_a_new_target_far_from_the_old_begins_anew_and_a_near_one_goes_on():
    pace = no_target_pace()
    for turn in range(20):
        pace = step(pace, results(turn * 12 * TARGET, turn * 6), now_ms=START_MS + turn * STEP_MS)
    now_ms = START_MS + 20 * STEP_MS
    near = step(pace, results(240 * TARGET, 120, target=int(1.2 * TARGET)), now_ms=now_ms)
    far = step(pace, results(240 * TARGET, 120, target=2 * TARGET), now_ms=now_ms)
    assert near.level[0] != 0
    assert far.level[0] == 0
    assert not is_learning(near, now_ms=now_ms)[0]
    assert is_learning(far, now_ms=now_ms)[0]
    assert not is_learning(far, now_ms=now_ms + 8 * 86_400_000)[0]


def test_a_restart_goes_on_and_another_release_begins_anew():
    pace = step(no_target_pace(), results(5, 6), now_ms=START_MS)
    kept = decode_target_pace(pace.encode())
    assert {name: column.tolist() for name, column in vars(kept).items()} == {
        name: column.tolist() for name, column in vars(pace).items()
    }
    assert isinstance(decode_target_pace(b"\x91\x00"), TargetPace)
