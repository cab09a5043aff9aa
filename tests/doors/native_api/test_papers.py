"""Papers over the native API: statements that add up, months that are invoiced once, nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from attise.kernel.clock import to_ms
from attise.management.accounts.models import Advertiser
from tests.builders import a_creator
from tests.doors.native_api.conftest import advertiser_of
from tests.earning import EURO, charge, funded

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(host, means):
    means.clock._wire_ms = to_ms(dt.datetime.fromisoformat("2026-10-24T12:00:00+02:00"))
    return funded(means, Advertiser.objects.get(id=int(advertiser_of(host)[1])))


def test_statements_add_up_over_a_day_of_twenty_five_hours(host, means, brand):
    lea = a_creator(means)
    means.clock.advance(days=1)
    charge(means, brand, lea, 10 * EURO)
    path = f"/v1/advertisers/{brand.id}/statement"
    told = host.get(f"{path}?first=2026-10-25&last=2026-10-25").json()
    assert told["days"] == [
        {"day": "2026-10-25", "hours": 25, "events": 1, "amount_micros": 10 * EURO, "given_back_micros": 0}
    ]
    assert (told["opening_micros"], told["closing_micros"], told["timezone"]) == (
        1000 * EURO,
        990 * EURO,
        brand.timezone,
    )
    assert host.get(path).json()["first"] == "2026-09-26"
    of_lea = host.get(f"/v1/creators/{lea.id}/statement?timezone=Europe/Paris").json()
    assert (of_lea["closing_micros"], of_lea["days"][0]["hours"]) == (3 * EURO, 25)
    for wrong in (
        "first=2026-10-32",
        "first=x",
        "last=2026-1-1",
        "first=2026-10-02&last=2026-10-01",
        "first=1900-01-01",
        "last=0001-01-29",
        "last=9999-12-31",
        "last=2026-W44-1",
    ):
        assert host.get(f"{path}?{wrong}").status_code == 422, wrong
    assert host.get(f"/v1/creators/{lea.id}/statement?timezone=Mars").status_code == 422
    assert host.get(f"/v1/creators/{lea.id}/statement?last=0001-01-01").status_code == 422


def test_a_month_is_invoiced_once_and_read_by_its_advertiser_alone(host, means, brand):
    charge(means, brand, None, 1_234_567)
    path = f"/v1/advertisers/{brand.id}/invoices"
    early = host.post(path, {"period": "2026-10"})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "invoice_period_not_over")
    means.clock.advance(days=10)
    assert host.post(path, {"period": "2026-10"}).json()["error"]["code"] == "invoice_issuer_missing"
    assert host.post("/v1/issuer", {"name": "Maison", "address": "Ici"}).status_code == 201
    (paper,) = host.post(path, {"period": "2026-10"}).json()["items"]
    assert (paper["number"], paper["total_micros"], paper["rounded_micros"]) == ("F-2026-000001", 1_234_567, 1_230_000)
    assert host.post(path, {"period": "2026-10"}).json()["items"] == [paper] == host.get(path).json()["items"]
    assert host.get(f"{path}/{paper['invoice_id']}").json() == paper
    other = advertiser_of(host)[1]
    assert host.get(f"/v1/advertisers/{other}/invoices/{paper['invoice_id']}").status_code == 404
