"""What is old in the log of events goes when it is settled, and waits where settling is far behind."""

import logging

import pytest
from django.conf import settings

from attise.doors.worker import retention
from attise.doors.worker.profiling import Profiling
from attise.doors.worker.retention import READERS, Retention
from attise.kernel.limits import DAY_MS, EVENT_LOG_LIFE_MS, SETTLE_EVENTS
from attise.measurement.attribution.models import Position
from attise.measurement.counters.queries import counts_of
from tests.measurement.attribution.happened import POST, Happened, event

pytestmark = pytest.mark.django_db(transaction=True)
BATCHES = 40
SETTLE = {"settle": READERS["settle"]}


@pytest.fixture
def happened(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    made.emptied().close()


def kept(happened):
    return [batch.position for batch in happened.log.read(0, limit=1_000)]


def test_settling_that_is_a_month_behind_loses_nothing(means, happened, clock, caplog):
    caplog.set_level(logging.WARNING, logger="attise.worker")
    for number in range(BATCHES):
        happened.append([event(means, "like", person=f"p{number}")])
    every, worker = kept(happened), Retention(settings.HOUSE, readers=SETTLE)
    clock.advance(seconds=EVENT_LOG_LIFE_MS / 1_000 + 5 * 86_400)
    assert worker.let_go() == 0
    assert kept(happened) == every
    assert "holds 35 days for settle" in caplog.text
    happened.settler.settle(means)  # one batch of settling: all of these few
    assert Position.objects.get().position == every[-1]
    happened.append([event(means, "like", person="late")])
    worker.let_go()
    assert kept(happened) == [every[-1] + 1], "what is young stays"
    happened.settle()
    assert counts_of(POST).of("likes").total == BATCHES + 1
    assert len(caplog.records) == 1


def test_what_is_settled_in_part_stays_whole(means, happened, clock):
    """A batch of the log may be larger than a batch of settling: its position is taken when all of it is counted."""
    people = 3 * SETTLE_EVENTS + 1
    happened.append([event(means, "like", person=f"p{number}") for number in range(people)])
    clock.advance(seconds=EVENT_LOG_LIFE_MS / 1_000 + 1)
    worker = Retention(settings.HOUSE, readers=SETTLE)
    for _ in range(3):
        happened.settler.settle(means)
        assert Position.objects.get().entries > 0
        assert worker.let_go() == 0
        assert kept(happened)
    happened.settle()
    assert worker.let_go() == 1
    assert kept(happened) == []
    assert counts_of(POST).of("likes").total == people


def test_every_reader_of_a_house_is_asked_and_a_further_one_holds_what_settling_has_done_with(means, happened, clock):
    assert {"settle", "facts", "profiles"} <= READERS.keys()
    happened.settle(*(event(means, "share", person=f"p{number}") for number in range(3)))
    clock.advance(seconds=EVENT_LOG_LIFE_MS / 1_000 + 1)
    upto = {"facts": 0}
    assert Retention(settings.HOUSE, readers={"profiles": READERS["profiles"]}).let_go() == 0, "nothing was derived"
    Profiling(settings.HOUSE).derive()
    assert READERS["profiles"]() == happened.log.end()
    worker = Retention(settings.HOUSE, readers={**SETTLE, "facts": lambda: upto["facts"]})
    assert worker.let_go() == 0
    upto["facts"] = happened.log.end()
    assert worker.let_go() == 1
    assert kept(happened) == []


def test_one_turn_ends_and_the_next_goes_on(means, happened, clock, monkeypatch):
    monkeypatch.setattr(retention, "STEPS_AT_ONCE", 2)
    monkeypatch.setattr("attise.measurement.ingest.sqlite_log.PRUNED_AT_ONCE", 1)
    for _ in range(3):
        happened.settle(event(means, "share"))
    clock.advance(seconds=EVENT_LOG_LIFE_MS / 1_000 + DAY_MS)
    worker = Retention(settings.HOUSE, readers=SETTLE)
    assert [worker.let_go() for _ in range(3)] == [2, 1, 0]
