"""The cases of pacing and target cost pass on small worlds, and see a controller that does nothing."""

import numpy as np
import pytest

from attise.proving.science import pacing, target_cost
from attise.serving.delivery.pacing.budgets import FAST, SHADE, THROTTLE


@pytest.mark.parametrize("mode", [SHADE, THROTTLE], ids=["shading", "throttling"])
def test_a_day_passes_its_lines(mode):
    log = pacing.a_day(2, 20_000)
    limit = int(log.price[log.price <= log.value].sum() * 0.5)
    course = pacing.pace_a_day(log, limit, mode)
    assert course.used >= pacing.USED
    assert course.error <= pacing.ERROR
    assert course.hindsight >= pacing.HINDSIGHT
    assert course.charged <= limit


def test_a_budget_that_is_not_paced_does_not_pass():
    log = pacing.a_day(2, 20_000)
    limit = int(log.price[log.price <= log.value].sum() * 0.3)
    course = pacing.pace_a_day(log, limit, FAST)
    assert course.error > pacing.ERROR
    assert course.hindsight < pacing.HINDSIGHT


def test_costs_are_held_within_what_counting_allows_and_bids_alone_do_not_hold_them(monkeypatch):
    assert target_cost.inside(1, 20, corrects=True) >= 0.9
    monkeypatch.setattr(target_cost, "multipliers", lambda pace: np.ones(len(pace)))
    assert target_cost.inside(1, 20, corrects=True) < 0.5
