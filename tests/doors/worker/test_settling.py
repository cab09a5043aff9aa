"""The process ``settle``: events come to counters, totals and viewers' records; standing still is told honestly."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from attise.doors.worker.settling import SHARED_S, Settlement
from attise.kernel import turnstile
from attise.kernel.limits import RECEIPT_TO_LOG_MS
from attise.management.accounts.actions import create_creator
from attise.management.outbox.actions.unit import unit
from attise.management.viewers.actions import create_viewer
from attise.management.viewers.queries import get_viewer
from attise.measurement.attribution.queries import get_head
from attise.measurement.counters.queries import counts_of_creator
from attise.records.totals_rows import read_totals
from tests.measurement.attribution.happened import Happened, event
from tests.statements import Statements

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def happened(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    made.emptied().close()


def test_a_follow_is_counted_told_to_the_record_and_taken_back(means, happened):
    from attise.kernel.actor import COMMAND
    from attise.management.viewers.models import Viewer

    creator = create_creator(means, COMMAND, handle="lea.peau", display_name="Léa")
    viewer = create_viewer(means, country="FR")
    pseudonym = Viewer.objects.get(id=viewer.id).pseudonym
    settlement = Settlement(settings.HOUSE)
    said = {"person": pseudonym, "creator_id": creator.id}
    happened.append([event(means, "follow", **said), event(means, "follow", person="erased", creator_id=creator.id)])
    settlement.settle()
    settlement.tell_follows()
    assert settlement.is_end
    assert get_viewer(viewer.id).follows == (creator.id,)
    assert f'"follows":[{creator.id}]' in Viewer.objects.get(id=viewer.id).record
    assert counts_of_creator(creator.id).of("follows").total == 2
    happened.append(
        [event(means, "unfollow", after_s=1, **said), event(means, "follow", person=pseudonym, creator_id=9)]
    )
    settlement.settle()
    settlement.tell_follows()
    settlement.tell_follows()
    assert get_viewer(viewer.id).follows == (), "one who is not there is not followed either"


def test_totals_say_up_to_when_events_are_counted_and_stand_still_when_settling_does(means, happened, clock):
    settlement = Settlement(settings.HOUSE)
    settlement.settle()
    settlement.publish()
    assert get_head().counted_to_ms == clock.wire_ms() - RECEIPT_TO_LOG_MS
    before = get_head().counted_to_ms
    happened.append([event(means, "share")])
    clock.advance(seconds=60)
    settlement.publish()
    assert (get_head().counted_to_ms, get_head().published_at_ms) == (before, clock.wire_ms())
    settlement.settle()
    settlement.publish()
    assert get_head().counted_to_ms == clock.wire_ms() - RECEIPT_TO_LOG_MS
    (post,) = read_totals(Statements(), 0)[0].posts
    assert post.organic.shares == 1


def test_who_waits_to_write_is_waited_for_and_not_for_long(means, happened, clock, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(clock, "pause", pauses.append)
    settlement = Settlement(settings.HOUSE)
    happened.append([event(means, "share")])
    with turnstile.waiting(settings.HOUSE.folder, clock.pause):
        settlement.settle()
    assert sum(pauses) == pytest.approx(0.1), "then settling goes on"
    assert settlement.is_end
    assert settlement._settler.is_shared, "who wrote just now will soon write again"
    pauses.clear()
    clock.advance(seconds=SHARED_S)
    settlement.settle()
    assert (pauses, settlement._settler.is_shared) == ([], False)


def test_a_unit_says_that_it_waits_until_it_has_begun(means):
    seen, waiting = [], turnstile.waiting

    @contextmanager
    def told(folder, pause):
        with waiting(folder, pause):
            seen.append(connection.in_atomic_block)
            yield
            seen.append(connection.in_atomic_block)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turnstile, "waiting", told)
        with unit(means):
            assert not turnstile.is_awaited(settings.HOUSE.folder)
    assert seen == ([False, True] if connection.vendor == "sqlite" else []), "elsewhere several write at a time"
