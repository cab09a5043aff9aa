"""Whoever counts beside a life ends when whoever lives it is gone, however they went, and who lives is told if not."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from attise.doors.cli.counting import Beside, Turn
from attise.kernel.house import HouseError

LIVES = """
import signal
from attise.doors.cli.living import living_house
with living_house(3) as living:
    print(living._counting._child.pid, flush=True)
    signal.pause()
"""
ENDS_S = 120.0


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_who_counts_ends_with_who_lives_even_by_force():
    lives = subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.PIPE, text=True)
    counts = int(lives.stdout.readline())
    assert is_running(counts)
    lives.kill()
    lives.wait()
    lives.stdout.close()
    until_s = time.monotonic() + ENDS_S
    while is_running(counts) and time.monotonic() < until_s:
        time.sleep(0.1)
    assert not is_running(counts)


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
