"""Every process holds a node number of its own, whether it has Django or not, and counts the starts of its role."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from django.db import connection

from attise.kernel.clock import FakeClock
from attise.kernel.database import connect
from attise.kernel.errors import Outage
from attise.kernel.house import Settings
from attise.kernel.ids import NODES
from attise.kernel.limits import HOUR_MS
from attise.management.processes.actions import claim_node, release_node
from attise.management.processes.models import Process
from attise.management.processes.queries import list_behind
from attise.records.process import Node, beat, claim

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain():
    """The database of this test as a process without Django reaches it."""
    described, url = connection.settings_dict, None
    if connection.vendor == "postgresql":
        url = f"postgresql://{described['USER']}@{described['HOST']}:{described['PORT']}/{described['NAME']}"
    house = SimpleNamespace(settings=Settings(data=None, database_url=url), database=described["NAME"])
    with contextlib.closing(connect(house, may_write=True)) as opened:
        yield opened


def test_both_ways_of_claiming_are_one(plain):
    clock = FakeClock()
    first, before = claim_node(clock, "site", "a")
    second = claim(plain, role="edge", holder="b", now_ms=clock.wire_ms())
    third, before_third = claim_node(clock, "site", "c")
    assert [node.number for node in (first, second, third)] == [0, 1, 2]
    assert (before, before_third) == (0, 1)
    assert beat(plain, first, now_ms=clock.wire_ms(), clock_version=4)
    assert Process.objects.get(node=0).clock_version == 4


def test_a_number_goes_to_another_after_an_hour_of_silence_and_never_sooner(plain):
    clock = FakeClock()
    alive, _ = claim_node(clock, "site", "alive")
    silent, _ = claim_node(clock, "worker", "silent")
    Process.objects.filter(node=silent.number).update(node=NODES - 1)  # no number was never held any more
    clock.advance(seconds=HOUR_MS / 1000)
    with pytest.raises(Outage):
        claim_node(clock, "site", "too early")
    assert beat(plain, alive, now_ms=clock.wire_ms())
    clock.advance(seconds=1)
    taken, _ = claim_node(clock, "command", "heir")
    assert taken.number == NODES - 1
    assert not beat(plain, Node(NODES - 1, "silent"), now_ms=clock.wire_ms())
    with pytest.raises(Outage):
        claim_node(clock, "site", "none is left")


def test_a_number_given_back_is_nobodys(plain):
    clock = FakeClock()
    node, _ = claim_node(clock, "command", "a")
    release_node(node)
    assert Process.objects.get(node=node.number).seen_at_ms == 0
    assert list_behind(clock, roles=["command"], clock_version=1) == []
