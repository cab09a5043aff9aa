"""A process's row says that it lives, what it has acknowledged, and nothing once its loop stands still."""

from __future__ import annotations

import contextlib
import sqlite3
import threading

import pytest

from attise.doors.worker.heart import Heart
from attise.kernel.clock import SystemClock
from attise.kernel.database import connect
from attise.kernel.house import House
from attise.records.process import Node, claim
from tests.doors.rig import make_house, until


@pytest.fixture
def house(tmp_path) -> House:
    return make_house(tmp_path / "house")


def row(house: House, node: Node) -> tuple[str, int, int]:
    with contextlib.closing(sqlite3.connect(house.database, timeout=10)) as connection:
        return connection.execute(
            "SELECT holder, clock_version, seen_at_ms FROM processes_process WHERE node = ?", (node.number,)
        ).fetchone()


def take(house: House, holder: str) -> Node:
    connection = connect(house, may_write=True)
    node = claim(connection, role="settle", holder=holder, now_ms=1)
    connection.close()
    return node


def test_a_heart_beats_acknowledges_at_once_and_gives_its_number_back(house):
    node, lost = take(house, "a"), threading.Event()
    heart = Heart(house, node, SystemClock(), lives=lambda: True, lost=lost.set)
    heart.start()
    assert until(lambda: row(house, node)[2] > 1, "a beat")
    began = SystemClock().monotonic_s()
    heart.acknowledge(7)
    assert until(lambda: row(house, node)[1] == 7, "the acknowledgement")
    assert SystemClock().monotonic_s() - began < 0.5
    heart.end()
    assert row(house, node)[2] == 0
    assert not lost.is_set()


class Loop:
    """A loop as its heart sees it: asked before each beat whether it lives."""

    def __init__(self) -> None:
        self.is_alive, self.asked = True, 0

    def lives(self) -> bool:
        self.asked += 1
        return self.is_alive


def test_a_loop_that_stands_still_passes_for_dead(house):
    node, loop = take(house, "a"), Loop()
    heart = Heart(house, node, SystemClock(), lives=loop.lives, lost=lambda: None)
    heart.start()
    until(lambda: row(house, node)[2] > 1, "a beat")
    loop.is_alive = False
    asked = loop.asked
    heart.acknowledge(9)
    until(lambda: loop.asked >= asked + 2, "two turns of the heart")
    assert row(house, node)[1] == 0
    loop.is_alive = True
    heart.acknowledge(10)
    assert until(lambda: row(house, node)[1] == 10, "a beat after it goes on")
    heart.end()


def test_a_number_that_was_given_away_is_not_used_on(house):
    node, lost = take(house, "a"), threading.Event()
    with contextlib.closing(sqlite3.connect(house.database)) as connection:
        connection.execute("UPDATE processes_process SET holder = 'b'")
        connection.commit()
    heart = Heart(house, node, SystemClock(), lives=lambda: True, lost=lost.set)
    heart.start()
    assert lost.wait(10)
    heart.end()
    assert row(house, node)[0] == "b"


def test_a_heart_outlives_an_outage_of_the_database(house):
    node, loop = take(house, "a"), Loop()
    heart = Heart(house, node, SystemClock(), lives=loop.lives, lost=lambda: None)
    with contextlib.closing(sqlite3.connect(house.database, timeout=10, isolation_level=None)) as connection:
        connection.execute("ALTER TABLE processes_process RENAME TO elsewhere")
        heart.start()
        until(lambda: loop.asked >= 2, "beats that fail")
        connection.execute("ALTER TABLE elsewhere RENAME TO processes_process")
    heart.acknowledge(2)
    assert until(lambda: row(house, node)[1] == 2, "a beat after the outage")
    heart.end()
