"""From an answered write to a reader without Django: no version is missed, and it is seen within the promised time."""

import threading
import time
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from attise.doors.edge.changes import ChangeReader
from attise.kernel.actor import Actor
from attise.kernel.house import Settings
from attise.kernel.limits import POLL_MS, STATE_LIFE_MS
from attise.management.authorizations import actions
from attise.management.outbox.actions import unit
from attise.records.change import ChangeKind
from tests.builders import a_creator, a_post

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 50
UNITS_EACH = 4


def a_reader():
    """The edge's own reader, on the database of this test."""
    described = connection.settings_dict
    url = None
    if connection.vendor == "postgresql":
        url = f"postgresql://{described['USER']}@{described['HOST']}:{described['PORT']}/{described['NAME']}"
    house = SimpleNamespace(settings=Settings(data=None, database_url=url), database=described["NAME"])
    return ChangeReader(house)


def test_race_of_fifty_writers_leaves_no_gap_for_a_reader(means):
    seen, done = [], threading.Event()
    failures = []

    def write(number):
        try:
            for turn in range(UNITS_EACH):
                with unit(means) as work:
                    for place in range(1 + (number + turn) % 3):
                        work.change(ChangeKind.POST_CHANGED, number * 1000 + turn * 10 + place)
        except Exception as error:  # noqa: BLE001 - told by the test below
            failures.append(error)
        finally:
            connections.close_all()

    def read():
        reader, after = a_reader(), 0
        while True:
            last_turn = done.is_set()
            version, changes = reader.read(after)  # raises when a number is missing
            seen.extend(change.object_id for change in changes)
            after = version
            if last_turn:
                reader.close()
                return

    readers = [threading.Thread(target=read)]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join(100)
    done.set()
    for thread in readers:
        thread.join(30)
        assert not thread.is_alive()
    assert failures == []
    expected = {
        number * 1000 + turn * 10 + place
        for number in range(WRITERS)
        for turn in range(UNITS_EACH)
        for place in range(1 + (number + turn) % 3)
    }
    assert sorted(seen) == sorted(expected)


def test_a_revocation_is_seen_within_the_promise(means, record_property):
    """Answer → visible, by a reader that polls as the edge does; the promise is the life of what was read."""
    host, creator = Actor("host", 1), a_creator(means)
    grants = []
    for _ in range(6):
        post = a_post(means, creator)
        grants.append(actions.grant_post(means, host, creator_id=creator.id, post_id=post.id, days=7)[0])
    visible_at, stop = {}, threading.Event()

    def follow():
        reader, after = a_reader(), 0
        while not stop.is_set():
            after, changes = reader.read(after)
            now = time.monotonic()
            visible_at.update({change.object_id: now for change in changes if change.kind == ChangeKind.GRANT_STOPPED})
            stop.wait(POLL_MS / 1000)
        reader.close()

    follower = threading.Thread(target=follow)
    follower.start()
    answered_at = {}
    for grant in grants:
        actions.revoke(means, host, creator_id=creator.id, authorization_id=grant.id, when="now")
        answered_at[grant.id] = time.monotonic()
    deadline = time.monotonic() + 10
    while len(visible_at) < len(grants) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    stop.set()
    follower.join(10)
    delays_ms = sorted(round((visible_at[key] - answered_at[key]) * 1000) for key in answered_at)
    record_property("answer_to_visible_ms", delays_ms)
    assert delays_ms[-1] <= STATE_LIFE_MS
