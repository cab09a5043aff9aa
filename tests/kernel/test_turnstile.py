"""Who waits to write says so, and nobody waits any more who is gone."""

import os
import signal
import subprocess
import sys

from attise.kernel import turnstile

HOLD = """
import pathlib, sys
from attise.kernel import turnstile
with turnstile.waiting(pathlib.Path(sys.argv[1])):
    print("waits", flush=True)
    sys.stdin.read()
"""


def test_any_number_may_wait_and_one_is_seen(tmp_path):
    assert not turnstile.is_awaited(tmp_path)
    with turnstile.waiting(tmp_path):
        with turnstile.waiting(tmp_path):
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
