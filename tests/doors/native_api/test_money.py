"""Money over the native API: added and returned once, moved within a Business Center, told exactly."""

from __future__ import annotations

import pytest

from attise.kernel.house import Mode
from attise.ledger.verify import verify_ledger
from attise.management.accounts.actions import token_bundle
from attise.management.billing.actions import give_test_credit
from tests.doors.native_api.conftest import Host, advertiser_of

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def paths(host: Host) -> tuple[str, str]:
    """Addresses of an advertiser and of its Business Center."""
    bc_id, advertiser_id = advertiser_of(host)
    return f"/v1/advertisers/{advertiser_id}", f"/v1/business-centers/{bc_id}"


def available(host: Host, path: str) -> int:
    told = host.get(f"{path}/balance").json()
    assert told["available_micros"] == told["paid_in_micros"] - told["spent_micros"]
    return told["available_micros"]


def test_funds_are_added_and_told(host, paths):
    advertiser, _ = paths
    assert available(host, advertiser) == 0
    response = host.post(f"{advertiser}/funds", {"amount_micros": 500 * EURO, "reference": "VIR 42"})
    assert response.status_code == 201
    made = response.json()
    assert (made["kind"], made["amount_micros"], made["currency"]) == ("funding", 500 * EURO, "EUR")
    assert (made["reference"], made["reverses"], made["actor"].split(":")[0]) == ("VIR 42", None, "host")
    assert available(host, advertiser) == 500 * EURO
    assert host.get(f"{advertiser}/transactions").json() == {"items": [made], "next_cursor": None}


def test_funds_with_a_key_are_added_once(host, paths):
    advertiser, _ = paths
    body = {"amount_micros": 5 * EURO}
    first = host.post(f"{advertiser}/funds", body, idempotency_key="k")
    again = host.post(f"{advertiser}/funds", body, idempotency_key="k")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    other = host.post(f"{advertiser}/funds", {"amount_micros": 6 * EURO}, idempotency_key="k")
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    assert available(host, advertiser) == 5 * EURO


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "amount_micros", "field_required"),
        ({"amount_micros": 0}, "amount_micros", "amount_not_payable"),
        ({"amount_micros": 1}, "amount_micros", "amount_not_payable"),
        ({"amount_micros": -5}, "amount_micros", "field_invalid"),
        ({"amount_micros": 5.5}, "amount_micros", "field_invalid"),
        ({"amount_micros": "5"}, "amount_micros", "field_invalid"),
        ({"amount_micros": 10**16}, "amount_micros", "field_invalid"),
        ({"amount_micros": EURO, "provider": "cheque"}, "provider", "field_invalid"),
        ({"amount_micros": EURO, "provider": "test_card"}, "provider", "funding_provider_unknown"),
        ({"amount_micros": EURO, "balance_micros": 10**12}, "balance_micros", "field_unknown"),
        ({"amount_micros": EURO, "advertiser_id": "5"}, "advertiser_id", "field_unknown"),
    ],
)
def test_what_cannot_be_added_names_the_field_and_adds_nothing(host, paths, body, field, code):
    advertiser, _ = paths
    response = host.post(f"{advertiser}/funds", body)
    assert response.status_code == 422
    (error,) = response.json()["error"]["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert available(host, advertiser) == 0


def test_a_test_card_pays_in_a_sandbox_and_is_declined_as_its_number_says(host, sandbox, paths):
    advertiser, center = paths
    card = {"amount_micros": EURO, "provider": "test_card"}
    for path in paths:
        made = host.post(f"{path}/funds", {**card, "card_number": "9999 0000 0000 0000"}).json()
        assert made["reference"] == "•••• 0000"
    declined = host.post(
        f"{advertiser}/funds", {**card, "card_number": "9999000000000002"}, accept_language="fr"
    ).json()["error"]
    assert (declined["code"], declined["field"]) == ("card_declined", "card_number")
    assert declined["message"] == "La carte a été refusée\u00a0: elle n’a pas assez d’argent"
    assert available(host, advertiser) == available(host, center) == EURO


def test_a_refund_is_no_more_than_what_is_left(host, paths):
    for path in paths:
        host.post(f"{path}/funds", {"amount_micros": 5 * EURO})
        refused = host.post(f"{path}/refunds", {"amount_micros": 6 * EURO})
        assert refused.status_code == 422
        assert refused.json()["error"]["code"] == "balance_too_low"
        made = host.post(f"{path}/refunds", {"amount_micros": 5 * EURO}).json()
        assert (made["kind"], made["amount_micros"]) == ("refund", -5 * EURO)
        assert available(host, path) == 0


def test_a_business_center_shares_with_its_advertisers(host, paths):
    advertiser, center = paths
    advertiser_id = advertiser.rsplit("/", 1)[1]
    host.post(f"{center}/funds", {"amount_micros": 5 * EURO})
    give = {"advertiser_id": advertiser_id, "amount_micros": 3 * EURO, "to": "advertiser"}
    made = host.post(f"{center}/transfers", give).json()
    assert (made["kind"], made["advertiser_id"], made["amount_micros"]) == ("transfer", advertiser_id, 3 * EURO)
    host.post(f"{center}/transfers", {**give, "amount_micros": EURO, "to": "business_center"})
    assert (available(host, advertiser), available(host, center)) == (2 * EURO, 3 * EURO)
    kinds = [one["kind"] for one in host.get(f"{center}/transactions").json()["items"]]
    assert kinds == ["transfer", "transfer", "funding"]
    _, stranger = advertiser_of(host, "Other")
    refused = host.post(f"{center}/transfers", {**give, "advertiser_id": stranger})
    assert (refused.status_code, refused.json()["error"]["field"]) == (404, "advertiser_id")
    assert verify_ledger().difference is None


def test_transactions_go_on_after_a_cursor(host, paths):
    advertiser, _ = paths
    for number in range(1, 6):
        host.post(f"{advertiser}/funds", {"amount_micros": number * EURO})
    seen, cursor = [], ""
    while cursor is not None:
        page = host.get(f"{advertiser}/transactions?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [one["amount_micros"] // EURO for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [5, 4, 3, 2, 1]


def test_after_a_reset_a_sandbox_s_advertiser_has_its_test_credit_again(host, sandbox, means):
    bundle = token_bundle(means, Mode.SANDBOX, advertiser_name="Maison Léa")
    _, other = advertiser_of(host)
    path = f"/v1/advertisers/{bundle['advertiser_id']}"
    give_test_credit(means, Mode.SANDBOX, advertiser_id=int(bundle["advertiser_id"]))
    host.post(f"{path}/funds", {"amount_micros": EURO})
    host.post(f"/v1/advertisers/{other}/funds", {"amount_micros": EURO})
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert available(host, path) == 10_000 * EURO
    assert available(host, f"/v1/business-centers/{bundle['bc_id']}") == 10_000 * EURO
    assert available(host, f"/v1/advertisers/{other}") == 0
    assert verify_ledger().difference is None
