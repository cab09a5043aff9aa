"""Whoever counts beside a life ends when whoever lives it is gone, however they went, and who lives is told if not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from attise.doors.cli.counting import Beside, Turn
from attise.kernel.house import HouseError
from tests.doors.rig import has_ended, until

LIVES = """
import signal
from attise.doors.cli.living import living_house
with living_house(3) as living:
    print(living._counting._child.pid, flush=True)
    signal.pause()
"""
ENDS_S = 120.0


def test_who_counts_ends_with_who_lives_even_by_force():
    lives = subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.PIPE, text=True)
    counts = int(lives.stdout.readline())
    assert not has_ended(counts)
    lives.kill()
    lives.wait()
    lives.stdout.close()
    until(lambda: has_ended(counts), "the end of who counts", patience_s=ENDS_S)


def test_whoever_lives_is_told_that_counting_has_ended():
    beside = Beside(begin_ms=0, node=1, seed="7")
    try:
        beside._child.kill()
        beside._child.wait()
        with pytest.raises(HouseError, match="has ended"):
            beside.begin(Turn(0, 0, keeps_house=False))
            beside.wait()
    finally:
        beside.close()
