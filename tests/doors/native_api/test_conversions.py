"""What servers report through the host's own API: judged one by one, durable before the answer."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.conf import settings

from attise.kernel.clock import rfc3339
from attise.measurement.conversions.actions import settle
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.conversion import Source, decode_conversion
from tests.doors.native_api.conftest import advertiser_of

pytestmark = pytest.mark.django_db
DIGEST = sha256(b"lea@example.org").hexdigest()


@pytest.fixture
def there(host) -> str:
    here = f"/v1/advertisers/{advertiser_of(host)[1]}/pixels"
    return f"{here}/{host.post(here, {'name': 'Boutique'}).json()['pixel_id']}/events"


@pytest.fixture
def kept():
    log = SqliteLog(settings.HOUSE.folder, may_write=True)
    begin = log.end()

    def kept():
        batches = log.read(begin, limit=100)
        return [decode_conversion(one.body) for batch in batches for one in batch.entries if one.kind == "conversion"]

    yield kept
    log.close()


def test_a_purchase_is_kept_whole(host, there, kept, clock):
    event = {
        "event": "Purchase",
        "event_id": "order-1",
        "at": rfc3339(clock.world_ms() - 60_000),
        "value_micros": 59_970_000,
        "currency": "EUR",
        "contents": [{"id": "mug", "name": "Mug", "price_micros": 19_990_000, "quantity": 3}],
        "consent": True,
        "click_id": "E.C.P.1",
        "email_sha256": [DIGEST],
        "page_url": "https://shop.example/merci?who=lea",
    }
    answer = host.post(there, {"events": [event]})
    assert answer.status_code == 200
    assert answer.json() == {"results": [{"event_id": "order-1", "status": "accepted", "errors": None}]}
    (one,) = kept()
    assert (one.event, one.source, one.at_ms) == ("Purchase", Source.SERVER, clock.world_ms() - 60_000)
    assert (one.value_micros, one.currency, one.contents[0].price_micros) == (59_970_000, "EUR", 19_990_000)
    assert (one.click_id, one.emails, one.page_path) == ("E.C.P.1", (bytes.fromhex(DIGEST),), "/merci")


def test_consent_is_said_or_refused(host, there, kept):
    host.post(there, {"events": [{"event": "Lead", "email_sha256": [DIGEST], "click_id": "E.C.P.1"}]})
    (one,) = kept()
    assert (one.has_consent, one.emails, one.click_id) == (False, (), "")


def test_one_wrong_event_costs_the_others_nothing(host, there, kept):
    events = [
        {"event": "AddToCart", "event_id": "a"},
        {"event": "Lead", "event_id": "b", "email_sha256": ["lea@example.org"]},
        {"event": "Purchase", "event_id": "c", "value_micros": 5},
        {"event": "Purchase", "event_id": "d", "at": "2020-01-01T00:00:00Z"},
    ]
    results = host.post(there, {"events": events}).json()["results"]
    assert [one["status"] for one in results] == ["accepted", "rejected", "rejected", "rejected"]
    assert [[(part["field"], part["code"]) for part in one["errors"]] for one in results[1:]] == [
        [("email_sha256", "contact_not_hashed")],
        [("currency", "conversion_currency_missing")],
        [("at", "conversion_time")],
    ]
    assert "lea@example.org" not in str(results)
    assert [one.event_id for one in kept()] == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        {"events": []},
        {"events": [{"event": "Lead"}] * 1_001},
        {"events": [{"event": "Lead", "value": 5}]},
        {"events": [{"event": "Lead", "value_micros": 5.5, "currency": "EUR"}]},
        {"events": [{"event": "Lead", "value_micros": -1, "currency": "EUR"}]},
        {"events": "Lead"},
    ],
)
def test_what_is_no_such_body_is_refused_whole(host, there, kept, body):
    assert host.post(there, body).status_code == 422
    assert kept() == []


def test_an_app_reports_under_its_own_id(host, there, kept):
    apps = there.partition("/pixels")[0] + "/apps"
    store = "https://play.google.com/store/apps/details?id=org.example.shop"
    app_id = host.post(apps, {"download_url": store}).json()["app_id"]
    answer = host.post(f"{apps}/{app_id}/events", {"events": [{"event": "InstallApp", "event_id": "device-1"}]})
    assert [one["status"] for one in answer.json()["results"]] == ["accepted"]
    assert [(one.event, str(one.pixel_id)) for one in kept()] == [("InstallApp", app_id)]
    others = f"/v1/advertisers/{advertiser_of(host)[1]}/apps/{app_id}/events"
    assert host.post(others, {"events": [{"event": "InstallApp"}]}).status_code == 404
    assert len(kept()) == 1


def test_another_s_pixel_is_not_there(host, there, kept):
    other = f"/v1/advertisers/{advertiser_of(host)[1]}/pixels/{there.split('/')[5]}/events"
    assert host.post(other, {"events": [{"event": "Lead"}]}).status_code == 404
    assert kept() == []


def test_what_was_told_before_is_said_where_it_is_known(host, there, kept):
    buy = {"event": "Purchase", "event_id": "a"}

    def told(*events):
        return [one["status"] for one in host.post(there, {"events": list(events)}).json()["results"]]

    assert told(buy, buy, {**buy, "test": True}, {"event": "Lead"}, {"event": "Lead"}) == [
        *("accepted", "duplicate", "accepted", "accepted", "accepted")
    ]
    settle(kept(), results_of=lambda _: {})
    assert told(buy, {**buy, "event": "Lead"}) == ["duplicate", "accepted"]
    assert len(kept()) == 7
