"""What wakes a process that waits: safe to set from a signal handler, wherever the signal comes."""

from __future__ import annotations

import signal
import threading

import pytest

from attise.kernel.interrupt import Interrupt


@pytest.fixture
def alarm():
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_a_signal_at_any_moment_of_the_wait_ends_it(alarm):
    interrupt = Interrupt()
    signal.signal(signal.SIGALRM, lambda *_: interrupt.set())
    for turn in range(300):
        interrupt.clear()
        signal.setitimer(signal.ITIMER_REAL, 1e-6 * (1 + turn))
        assert interrupt.wait(10)


def test_it_waits_until_it_is_set_and_again_once_cleared():
    interrupt = Interrupt()
    assert not interrupt.wait(0.01)
    threading.Timer(0.05, interrupt.set).start()
    assert interrupt.wait(10)
    assert interrupt.wait()
    interrupt.clear()
    assert not interrupt.is_set()
    assert not interrupt.wait(0.01)


def test_it_may_be_set_more_often_than_a_pipe_holds():
    interrupt = Interrupt()
    for _ in range(100_000):
        interrupt.set()
    assert interrupt.wait()
