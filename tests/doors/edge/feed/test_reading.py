"""What the edge reads before an answer is what the rooms wrote, by plain SQL on either database."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from django.db import connection

from attise.doors.edge.feed.reading import Reading
from attise.kernel.errors import Outage
from attise.kernel.house import Settings
from attise.management.accounts.actions import make_host_key, revoke_host_key
from attise.management.viewers.actions import create_viewer, erase_viewer, update_viewer
from attise.records.credentials import hash_of

pytestmark = pytest.mark.django_db(transaction=True)


def house_of_this_test(name: str | None = None):
    described = connection.settings_dict
    name = name or described["NAME"]
    url = None
    if connection.vendor == "postgresql":
        url = f"postgresql://{described['USER']}@{described['HOST']}:{described['PORT']}/{name}"
    return SimpleNamespace(settings=Settings(data=None, database_url=url), database=name)


@pytest.fixture
def reading():
    made = Reading(house_of_this_test())
    yield made
    made.close()


def test_a_viewer_is_read_as_declared_changed_and_gone(reading, means):
    view = create_viewer(means, country="FR", region="FR-IDF", age=30, profiling_consent=True)
    read = asyncio.run(reading.viewer(view.id))
    assert (read.viewer_id, read.country, read.region, read.profiling_consent) == (view.id, "FR", "FR-IDF", True)
    update_viewer(means, viewer_id=view.id, profiling_consent=False)
    assert not asyncio.run(reading.viewer(view.id)).profiling_consent
    erase_viewer(means, viewer_id=view.id)
    assert asyncio.run(reading.viewer(view.id)) is None
    assert asyncio.run(reading.viewer(0)) is None


def test_a_host_key_is_found_by_its_hash_until_it_is_revoked(reading, means):
    view, text = make_host_key(means, name="app")
    assert asyncio.run(reading.host_key(hash_of(text))) == view.id
    assert asyncio.run(reading.host_key(hash_of(text + "x"))) is None
    revoke_host_key(means, host_key_id=view.id)
    assert asyncio.run(reading.host_key(hash_of(text))) is None


def test_a_database_that_is_not_there_is_an_outage_each_time():
    reading = Reading(house_of_this_test("nowhere"))
    for _ in range(2):
        with pytest.raises(Outage):
            asyncio.run(reading.viewer(5))
    assert reading.failures == 2
    reading.close()
