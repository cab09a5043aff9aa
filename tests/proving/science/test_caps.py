"""The case of the caps judges every ad before every impression, and sees a cap that is not held."""

import random
from dataclasses import replace

from attise.proving.science import caps
from attise.serving.delivery.policy import Cap
from tests import machine_code


def test_three_ways_of_counting_agree():
    machine_code.load()
    judged = list(caps.replay(random.Random(5)))
    assert len(judged) == caps.STEPS
    assert all(plain == compiled == by_numpy for plain, compiled, by_numpy in judged)
    assert sum(one != caps.NONE for plain, _, _ in judged for one in plain) > 100


def test_a_window_that_is_too_short_is_seen(monkeypatch):
    plain_caps = caps.CAPS
    wrong = 0
    monkeypatch.setattr(caps, "CAPS", replace(plain_caps, ad=Cap(2, plain_caps.ad.span_ms // 2)))
    real = caps.plainly
    monkeypatch.setattr(caps, "plainly", lambda history, fact, now_ms: _with(plain_caps, real, history, fact, now_ms))
    for seed in range(12):
        for plain, compiled, _ in caps.replay(random.Random(seed)):
            wrong += plain != compiled
    assert wrong > 0


def _with(limits, real, history, fact, now_ms):
    """Count by the true caps, whatever the module was told."""
    told, caps.CAPS = caps.CAPS, limits
    try:
        return real(history, fact, now_ms)
    finally:
        caps.CAPS = told
