"""The host reads the journal of its house: every act, narrowed, part after part."""

from __future__ import annotations

import pytest

from attise.kernel.clock import rfc3339
from tests.doors.native_api.conftest import advertiser_of, errors_of
from tests.doors.native_api.specimens import a_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign_id(host) -> str:
    brand = advertiser_of(host)[1]
    made = host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign()).json()["campaign_id"]
    host.post(f"/v1/campaigns/{made}/switch", {"operation_status": "DISABLE"})
    return made


def told(host, query="") -> list[str]:
    answer = host.get(f"/v1/journal?{query}")
    assert answer.status_code == 200, answer.content
    return [one["action"] for one in answer.json()["items"]]


def test_an_act_says_who_what_on_what_before_and_after(host, campaign_id):
    act = host.get(f"/v1/journal?object_id={campaign_id}").json()["items"][0]
    assert (act["object_kind"], act["object_id"], act["action"]) == ("campaign", campaign_id, "switched_off")
    assert act["actor"].startswith("host:")
    assert (act["before"], act["after"]) == ({"operation_status": "ENABLE"}, {"operation_status": "DISABLE"})


def test_the_journal_is_narrowed_and_goes_on_after_a_part(host, campaign_id, clock):
    of_it = f"object_id={campaign_id}"
    assert told(host, of_it) == ["switched_off", "created"]
    assert told(host, f"{of_it}&action=created&actor=host&object_kind=campaign") == ["created"]
    assert told(host, f"{of_it}&actor=person") == told(host, f"{of_it}&object_kind=ad") == []
    now = rfc3339(clock.world_ms() + 1)
    assert told(host, f"{of_it}&since={now}") == []
    assert told(host, f"{of_it}&until={now}") == ["switched_off", "created"]
    first = host.get(f"/v1/journal?{of_it}&limit=1").json()
    assert told(host, f"{of_it}&limit=1&cursor={first['next_cursor']}") == ["created"]


@pytest.mark.parametrize("query", ["actor=castle", "actor=person:x", "action=x", "object_kind=x", "since=x", "until=1"])
def test_what_cannot_be_asked_is_refused_by_its_field(host, query):
    answer = host.get(f"/v1/journal?{query}")
    assert answer.status_code == 422
    assert [field for field, _ in errors_of(answer)] == [query.partition("=")[0]]
