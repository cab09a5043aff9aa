"""Creators' money over the native API: earned, asked for, answered by the operator, given back where it was not due."""

from __future__ import annotations

import pytest

from attise.management.accounts.models import Advertiser
from tests.builders import a_creator
from tests.doors.native_api.conftest import advertiser_of
from tests.earning import EURO, charge, funded

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(host, means):
    brand = funded(means, Advertiser.objects.get(id=int(advertiser_of(host)[1])))
    lea = a_creator(means)
    keys = charge(means, brand, lea, 10 * EURO, 2 * EURO)
    return brand, lea, keys


def test_earnings_mature_are_asked_for_and_paid(host, means, town):
    _, lea, _ = town
    path = f"/v1/creators/{lea.id}"
    (one,) = host.get(f"{path}/earnings").json()["balances"]
    assert (one["accrued_micros"], one["available_micros"]) == (3_600_000, 0)
    means.clock.advance(days=30)
    refused = host.post(f"{path}/payouts", {"currency": "EUR"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "payout_account_missing")
    named = host.post(f"{path}/payout-account", {"holder": "Léa", "number": "FR7630006000011234567890189"})
    assert (named.status_code, named.json()["account"]) == (201, "•••• 0189")
    made = host.post(f"{path}/payouts", {"currency": "EUR"}, idempotency_key="once").json()
    assert (made["state"], made["amount_micros"]) == ("asked", 3_600_000)
    again = host.post(f"{path}/payouts", {"currency": "EUR"}, idempotency_key="once")
    assert again.json() == made
    assert host.post(f"{path}/payouts", {"currency": "EUR"}).status_code == 409
    here = f"/v1/payouts/{made['payout_id']}"
    assert host.post(f"{here}/paid", {}).status_code == 409, "not approved yet"
    assert host.get("/v1/payouts?shown=open").json()["items"] == [made]
    assert host.post(f"{here}/approve", {}).json()["state"] == "approved"
    paid = host.post(f"{here}/paid", {"reference": "VIR 1"}).json()
    assert (paid["state"], paid["reference"]) == ("paid", "VIR 1")
    assert host.get(f"{path}/payouts").json()["items"] == [paid] == [host.get(here).json()]
    (one,) = host.get(f"{path}/earnings").json()["balances"]
    assert (one["paid_micros"], one["owed_micros"], one["available_micros"]) == (3_600_000, 0, 0)
    acts = [entry["action"] for entry in host.get("/v1/journal?object_kind=payout").json()["items"]]
    assert acts == ["payout_paid", "payout_approved", "payout_asked", "payout_account_named"]
    assert "FR7630006000011234567890189" not in host.get("/v1/journal").content.decode()


def test_charges_are_listed_and_given_back_once_each(host, means, town):
    brand, lea, keys = town
    path = f"/v1/advertisers/{brand.id}"
    items = host.get(f"{path}/charges").json()["items"]
    assert [(one["charge"], one["amount_micros"], one["creator_micros"], one["given_back"]) for one in items] == [
        (keys[1], 2 * EURO, 600_000, False),
        (keys[0], 10 * EURO, 3 * EURO, False),
    ]
    body = {"charges": [keys[0], "event:none", keys[0]], "reason": "invalid_traffic", "note": "datacentre"}
    told = host.post(f"{path}/charges/give-back", body).json()
    assert [(one["outcome"], one["code"]) for one in told["results"]] == [
        ("given_back", None),
        ("refused", "not_found"),
        ("given_back", None),
    ]
    again = host.post(f"{path}/charges/give-back", body).json()
    assert [one["outcome"] for one in again["results"]] == ["before", "refused", "before"]
    assert [one["given_back"] for one in host.get(f"{path}/charges").json()["items"]] == [False, True]
    assert host.get(f"{path}/balance").json()["spent_micros"] == 2 * EURO
    (one,) = host.get(f"/v1/creators/{lea.id}/earnings").json()["balances"]
    assert one["accrued_micros"] == 600_000
    (entry,) = host.get("/v1/journal?action=invalid_traffic").json()["items"]
    assert entry["after"]["memo"] == "datacentre"


def test_a_charge_of_another_advertiser_is_nothing(host, means, town):
    _, _, keys = town
    other = advertiser_of(host)[1]
    told = host.post(f"/v1/advertisers/{other}/charges/give-back", {"charges": keys, "reason": "billing_error"}).json()
    assert [(one["outcome"], one["code"]) for one in told["results"]] == [("refused", "not_found")] * 2
