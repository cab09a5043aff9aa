"""Pixels and mobile apps over the host's API."""

from __future__ import annotations

import dataclasses

import pytest
from django.conf import settings

from attise.kernel.actor import Actor
from attise.management.pixels import actions
from attise.management.pixels.rules import EventDraft, EventRule
from tests.doors.native_api.conftest import advertiser_of, errors_of

pytestmark = pytest.mark.django_db
IOS = "https://apps.apple.com/fr/app/boutique/id1234567890"


@pytest.fixture
def here(host) -> str:
    return f"/v1/advertisers/{advertiser_of(host)[1]}"


def test_a_pixel_is_made_once_for_an_idempotency_key_listed_and_read(host, here):
    body = {"name": "Boutique", "category": "ONLINE_STORE", "partner_name": "Studio"}
    made = host.post(f"{here}/pixels", body, idempotency_key="k1")
    assert made.status_code == 201
    pixel = made.json()
    assert {name: pixel[name] for name in body} == body
    assert pixel["events"] == []
    assert host.post(f"{here}/pixels", body, idempotency_key="k1").json() == pixel
    assert host.get(f"{here}/pixels").json() == {"items": [pixel], "next_cursor": None}
    assert host.get(f"{here}/pixels/{pixel['pixel_id']}").json() == pixel


def test_the_script_names_the_house_as_people_reach_it(host, here, monkeypatch):
    assert '"http://testserver/attise.js"' in host.post(f"{here}/pixels", {"name": "A"}).json()["script"]
    public = dataclasses.replace(settings.HOUSE.settings, public_url="https://ads.example.org")
    monkeypatch.setattr(settings.HOUSE, "settings", public)
    assert '"https://ads.example.org/attise.js"' in host.post(f"{here}/pixels", {"name": "A"}).json()["script"]


def test_a_pixel_tells_what_it_looks_for(host, here, means):
    pixel_id = host.post(f"{here}/pixels", {"name": "A"}).json()["pixel_id"]
    advertiser_id = int(here.rpartition("/")[2])
    rule = EventRule("TRIGGERTYPE_CLICK", "ELEMENT", "OPERATORTYPE_EQUALS", "#buy")
    draft = EventDraft("SHOPPING", counts_every_time=False, currency="EUR", value="12.5", rules=(rule,))
    (event,) = actions.create_events(
        means, Actor("host", 1), advertiser_id=advertiser_id, pixel_id=int(pixel_id), drafts=[draft]
    )
    assert host.get(f"{here}/pixels/{pixel_id}").json()["events"] == [
        {
            "event_id": str(event.id),
            "name": "Purchase",
            "event_type": "SHOPPING",
            "code": "Purchase",
            "counts": "once",
            "value_micros": 12_500_000,
            "currency": "EUR",
            "rules": [dataclasses.asdict(rule)],
        }
    ]


def test_lists_go_on_by_cursor_newest_first(host, here):
    made = [host.post(f"{here}/pixels", {"name": f"Site {n}"}).json()["pixel_id"] for n in range(3)]
    first = host.get(f"{here}/pixels?limit=2").json()
    rest = host.get(f"{here}/pixels?limit=2&cursor={first['next_cursor']}").json()
    assert [one["pixel_id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_what_cannot_be_a_pixel_is_refused_and_nothing_is_made(host, here):
    response = host.post(f"{here}/pixels", {"name": "Shop 😀", "partner_name": "x" * 101})
    assert response.status_code == 422
    assert errors_of(response) == [("name", "name_emoji"), ("partner_name", "text_too_long")]
    assert host.get(f"{here}/pixels").json()["items"] == []


def test_an_app_is_registered_listed_and_read(host, here):
    made = host.post(f"{here}/apps", {"download_url": IOS})
    assert made.status_code == 201
    app = made.json()
    told = {"name": "boutique", "platform": "ios", "store_id": "1234567890", "download_url": IOS}
    assert {name: app[name] for name in told} == told
    assert host.get(f"{here}/apps").json() == {"items": [app], "next_cursor": None}
    assert host.get(f"{here}/apps/{app['app_id']}").json() == app
    again = host.post(f"{here}/apps", {"download_url": IOS})
    assert again.status_code == 409
    assert errors_of(again) == [("download_url", "mobile_app_taken")]


def test_an_app_of_another_store_says_what_it_is(host, here):
    page = {"download_url": "https://apps.example.org/shop"}
    assert errors_of(host.post(f"{here}/apps", page)) == [("download_url", "mobile_app_page")]
    said = {**page, "platform": "android", "store_id": "org.example.shop"}
    assert host.post(f"{here}/apps", said).json()["store_id"] == "org.example.shop"


def test_one_advertisers_things_are_not_under_another(host, here):
    other = f"/v1/advertisers/{advertiser_of(host, 'Rivale')[1]}"
    pixel_id = host.post(f"{here}/pixels", {"name": "A"}).json()["pixel_id"]
    app_id = host.post(f"{here}/apps", {"download_url": IOS}).json()["app_id"]
    assert host.get(f"{other}/pixels/{pixel_id}").status_code == 404
    assert host.get(f"{other}/apps/{app_id}").status_code == 404
    assert host.get(f"{other}/pixels").json()["items"] == []
    assert host.get("/v1/advertisers/1790000000000000001/apps").status_code == 404
