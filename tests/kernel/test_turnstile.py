"""Who waits to write says so, and nobody waits any more who is gone."""

import os
import signal
import subprocess
import sys

from attise.kernel import turnstile

HOLD = """
import pathlib, sys
from attise.kernel import turnstile
with turnstile.waiting(pathlib.Path(sys.argv[1]), lambda seconds: None):
    print("waits", flush=True)
    sys.stdin.read()
"""


def test_any_number_may_wait_and_one_is_seen(tmp_path):
    slept: list[float] = []
    assert not turnstile.is_awaited(tmp_path)
    with turnstile.waiting(tmp_path, slept.append):
        with turnstile.waiting(tmp_path, slept.append):
            assert turnstile.is_awaited(tmp_path)
        assert turnstile.is_awaited(tmp_path), "the other one still waits"
    assert not turnstile.is_awaited(tmp_path)


def test_a_process_that_dies_while_it_waits_holds_nobody_up(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"waits\n"
        assert turnstile.is_awaited(tmp_path)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert not turnstile.is_awaited(tmp_path)


def test_who_waits_begins_when_the_batch_is_over_and_waits_for_none_that_stands_still(tmp_path):
    slept: list[float] = []
    with turnstile.waiting(tmp_path, slept.append):
        assert slept == [], "no batch is being written"
    batch = turnstile.working(tmp_path)
    batch.__enter__()

    def until_it_ends(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            batch.__exit__(None, None, None)

    with turnstile.waiting(tmp_path, until_it_ends):
        assert slept == [turnstile.LOOK_S] * 3
    slept.clear()
    with turnstile.working(tmp_path), turnstile.waiting(tmp_path, slept.append):
        assert len(slept) == turnstile.LOOKS
