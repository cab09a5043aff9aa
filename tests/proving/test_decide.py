"""What the benchmark of decisions says of itself: its plain counts see what is planted."""

from dataclasses import replace

import msgspec
import pytest

from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.proving import decide
from attise.serving.delivery.policy import Cap, Caps, Policy
from attise.simulator.drawn_house import draw_house
from tests import machine_code


@pytest.fixture(scope="module")
def house():
    machine_code.load()
    return draw_house(8_000, 2, now_ms=decide.NOW_MS, policy=Policy())


def test_decisions_on_a_drawn_house_are_right_in_every_respect(house):
    times, checks = decide.measure(house, 700)
    assert checks.faults == 0
    assert checks.ads > 300
    assert checks.decided_again == 7
    assert len(times.took) == len(times.search) == 700
    two, _ = decide.measure(house, 100, slots=(3, 9))
    assert len(two.took) == 100
    assert decide._row("decide", 8_000, times, checks).ok


def test_the_winner_of_a_wide_contest_is_among_the_candidates(house):
    found, asked = decide.recall(house, 120)
    assert asked > 60
    assert found >= decide.PROMISED_RECALL


def test_caps_that_are_not_held_are_seen(house):
    never = Cap(10**6, DAY_MS)
    loose = replace(Policy(), caps=Caps(never, never, never, 0, 0))
    _, checks = decide.measure(replace(house, state=replace(house.state, policy=loose)), 1_500)
    assert checks.cap_violations > 0


def test_a_price_above_the_bid_and_a_spent_budget_are_seen(house):
    request = decide._request(1, decide.draw_viewers(1, 3)[0], decide.NOW_MS)
    decision = next(
        one
        for number, viewer in enumerate(decide.draw_viewers(40, 3))
        for one in decide.decide_slots(decide._request(number, viewer, decide.NOW_MS), house.state, None, (3,))
        if one.is_ad
    )
    dear = msgspec.structs.replace(decision.claims, price_micros=10**12)
    checks = decide.Checks()
    checks.look_at(house, request, msgspec.structs.replace(decision, claims=dear), decide.NEW)
    assert checks.price_above_bid == 1
    poor = replace(house, spent_envelopes=frozenset(decision.claims.envelopes))
    checks.look_at(poor, request, decision, decide.NEW)
    assert checks.without_budget == 1
    checks.look_at(house, request, msgspec.structs.replace(decision, dropped=()), decide.NEW)
    assert checks.unaccounted == 1


def test_the_plain_count_of_caps_knows_the_gap_between_two_ads_of_an_advertiser(house):
    (decision,) = [
        one
        for number, viewer in enumerate(decide.draw_viewers(60, 3))
        for one in decide.decide_slots(decide._request(number, viewer, decide.NOW_MS), house.state, None, (3,))
        if one.is_ad
    ][:1]
    won = decision.winner
    assert decide.passes_a_cap(won, [(won, 0)], 0, 10 * MINUTE_MS - 1)
    assert not decide.passes_a_cap(won, [(won, 0)], 0, 10 * MINUTE_MS)
