"""Balances, movements and transfers in the dialect: exact amounts, whose they are, and who may move them."""

from __future__ import annotations

import json

import pytest

from attise.doors.marketing_api.money import NAME_OF
from attise.kernel.actor import COMMAND
from attise.kernel.limits import DAY_MS
from attise.ledger.funding import ManualTransfer
from attise.management.accounts import actions as accounts
from attise.management.accounts.payer import payer_of
from attise.management.billing import actions as billing
from attise.management.billing.rules import Sort
from tests.ledger.payers import an_envelope, an_event, charge

pytestmark = pytest.mark.django_db
EURO = 1_000_000


@pytest.fixture
def funded(means, brand):
    """100 € with the advertiser, 250.50 € with its Business Center."""
    money = {"provider": ManualTransfer()}
    billing.fund_advertiser(means, COMMAND, advertiser_id=brand.advertiser.id, amount_micros=100 * EURO, **money)
    billing.fund_business_center(means, COMMAND, business_center_id=brand.center.id, amount_micros=250_500_000, **money)
    return brand


def balance_of(client, brand) -> dict:
    answer = client.get("advertiser/balance/get", bc_id=str(brand.center.id))
    return answer["data"]["advertiser_account_list"][0]


def transfer(client, brand, kind="RECHARGE", amount=10, **more) -> dict:
    body = {"bc_id": str(brand.center.id), "advertiser_id": str(brand.advertiser.id), "transfer_type": kind}
    return client.post("bc/transfer", **{**body, "cash_amount": amount, **more})


def test_what_a_business_center_has_is_its_own(funded, api):
    data = api.get("bc/balance/get", bc_id=str(funded.center.id))["data"]
    assert (data["bc_id"], data["currency"]) == (str(funded.center.id), "EUR")
    assert (data["account_balance"], data["valid_account_balance"], data["cash_balance"]) == (250.5, 250.5, 250.5)
    assert (data["frozen_balance"], data["tax"], data["grant_balance"], data["valid_grant_balance"]) == (0, 0, 0, 0)


def test_what_an_ad_account_has_is_what_was_not_spent(funded, api, means):
    day = an_envelope(means, "campaign:1", None, payer=payer_of(funded.advertiser.id))
    charge(means, an_event(means, (day,), 8_700))
    row = balance_of(api, funded)
    assert (row["account_balance"], row["valid_account_balance"], row["transferable_amount"]) == (99.99, 99.99, 99.99)
    assert (row["advertiser_id"], row["advertiser_name"]) == (str(funded.advertiser.id), "Brand Ads")
    assert (row["contact_name"], row["budget_mode"]) == ("L***", "UNLIMITED")
    (info,) = api.get("advertiser/info", advertiser_ids=[str(funded.advertiser.id)])["data"]["list"]
    assert info["balance"] == 99.99


def test_balances_are_found_by_name_id_and_status_and_paged(funded, api, means):
    for number in range(3):
        accounts.create_advertiser(
            means,
            COMMAND,
            business_center_id=funded.center.id,
            name=f"Other {number}",
            currency="JPY",
            timezone="Asia/Tokyo",
            company="C",
            country="JP",
        )

    def found(**asked) -> list[str]:
        data = api.get("advertiser/balance/get", bc_id=str(funded.center.id), **asked)["data"]
        return [row["advertiser_name"] for row in data["advertiser_account_list"]]

    assert found() == ["Brand Ads", "Other 0", "Other 1", "Other 2"]
    assert found(filtering=json.dumps({"keyword": "other"})) == ["Other 0", "Other 1", "Other 2"]
    assert found(filtering=json.dumps({"keyword": str(funded.advertiser.id)})) == ["Brand Ads"]
    assert found(filtering=json.dumps({"advertiser_status": ["STATUS_DISABLE"]})) == []
    assert found(page=2, page_size=3) == ["Other 2"]
    answer = api.get("advertiser/balance/get", bc_id=str(funded.center.id), page_size=51)
    assert answer["code"] == 40002


def test_a_recharge_comes_from_the_business_center_and_a_refund_goes_back(funded, api):
    answer = transfer(api, funded, amount=50.25)
    (info,) = answer["data"]["transaction_infos"]
    ours = {"account_type": "BC", "account_id": str(funded.center.id)}
    theirs = {"account_type": "ADVERTISER", "account_id": str(funded.advertiser.id)}
    assert (info["transaction_type"], info["payee_account"], info["remitter_account"]) == ("CASH", theirs, ours)
    assert balance_of(api, funded)["account_balance"] == 150.25
    (info,) = transfer(api, funded, "REFUND", 150.25)["data"]["transaction_infos"]
    assert (info["payee_account"], info["remitter_account"]) == (ours, theirs)
    assert balance_of(api, funded)["account_balance"] == 0
    assert api.get("bc/balance/get", bc_id=str(funded.center.id))["data"]["account_balance"] == 350.5


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ({"cash_amount": 0}, "cash_amount: "),
        ({"cash_amount": -5}, "cash_amount: "),
        ({"cash_amount": 0.001}, "cash_amount: "),
        ({"cash_amount": "ten"}, "cash_amount: "),
        ({"cash_amount": 1e12}, "cash_amount: "),
        ({"cash_amount": 250.51}, "cash_amount: "),
        ({"cash_amount": None}, "Missing required field(s): cash_amount."),
        ({"grant_amount": 5}, "grant_amount: "),
        ({"transfer_level": "BC"}, "transfer_level: "),
        ({"transfer_type": "GIFT"}, "transfer_type: "),
    ],
)
def test_a_transfer_that_cannot_be_names_what_to_correct_and_moves_nothing(funded, api, said, begins):
    answer = transfer(api, funded, **said) if "transfer_type" not in said else transfer(api, funded, "GIFT")
    assert answer["code"] == 40002
    assert answer["message"].startswith(begins)
    assert balance_of(api, funded)["account_balance"] == 100


def test_a_request_id_moves_money_once(funded, api):
    first = transfer(api, funded, request_id="77")
    assert transfer(api, funded, request_id="77")["data"] == first["data"]
    assert transfer(api, funded, amount=11, request_id="77")["code"] == 40050
    assert transfer(api, funded, request_id="78")["data"] != first["data"]
    assert balance_of(api, funded)["account_balance"] == 120


def test_a_request_id_is_good_for_longer_than_its_answer_is_kept(funded, api, clock):
    transfer(api, funded, request_id="77")
    clock.advance(days=2)
    assert transfer(api, funded, request_id="77")["code"] == 0
    assert transfer(api, funded, amount=11, request_id="77")["code"] == 40050
    assert balance_of(api, funded)["account_balance"] == 110


@pytest.mark.parametrize(
    ("role", "reads", "moves"),
    [("admin", True, True), ("finance", True, True), ("operator", False, False), ("analyst", False, False)],
)
def test_money_is_read_and_moved_by_those_whose_role_says_so(funded, role, reads, moves):
    client = funded.client(role)
    for path in ("bc/balance/get", "advertiser/balance/get", "advertiser/transaction/get", "bc/transaction/get"):
        assert client.get(path, bc_id=str(funded.center.id))["code"] == (0 if reads else 40001), path
    assert transfer(client, funded)["code"] == (0 if moves else 40001)


def test_nobody_moves_money_of_others(funded, rival, api):
    body = {"transfer_type": "RECHARGE", "cash_amount": 5}
    foreign = api.post("bc/transfer", bc_id=str(funded.center.id), advertiser_id=str(rival.advertiser.id), **body)
    nowhere = api.post("bc/transfer", bc_id=str(funded.center.id), advertiser_id="5", **body)
    assert (foreign["code"], foreign["message"]) == (nowhere["code"], nowhere["message"]) == (40001, nowhere["message"])
    answer = api.post("bc/transfer", bc_id=str(rival.center.id), advertiser_id=str(funded.advertiser.id), **body)
    assert answer["code"] == 40001


class TestMovements:
    """What moved, by three endpoints."""

    @pytest.fixture
    def moved(self, funded, api, clock):
        clock.advance(days=1)
        transfer(api, funded, amount=30)
        clock.advance(days=1)
        transfer(api, funded, "REFUND", 5)
        return funded

    def rows(self, api, brand, **filtering) -> list[tuple]:
        answer = api.get(
            "advertiser/transaction/get", bc_id=str(brand.center.id), filtering=json.dumps(filtering), page_size=50
        )
        return [(row["amount"], row["transfer_type"]) for row in answer["data"]["transaction_list"]]

    def test_of_ad_accounts_newest_first(self, moved, api, clock):
        assert self.rows(api, moved) == [
            (-5, "TRANS_TYPE_TRANSFER"),
            (30, "TRANS_TYPE_TRANSFER"),
            (100, "TRANS_TYPE_PAYMENT"),
        ]
        assert self.rows(api, moved, transfer_type="TRANS_TYPE_PAYMENT") == [(100, "TRANS_TYPE_PAYMENT")]
        assert len(self.rows(api, moved, transfer_type="TRANS_TYPE_TRANSFER")) == 2
        assert self.rows(api, moved, transfer_type="TRANS_TYPE_TAX") == []
        assert self.rows(api, moved, funds_type=["FUNDS_TYPE_GRANT"]) == []
        assert len(self.rows(api, moved, funds_type="FUNDS_TYPE_CASH")) == 3
        assert self.rows(api, moved, keyword="nobody") == []
        assert self.rows(api, moved, summary_by_account=True) == [(125, "TRANS_TYPE_TRANSFER")]
        first = "2026-09-21"  # of the tests' clock
        assert len(self.rows(api, moved, start_date=first, end_date=first)) == 1
        assert self.rows(api, moved, start_date="2026-09-22") == [
            (-5, "TRANS_TYPE_TRANSFER"),
            (30, "TRANS_TYPE_TRANSFER"),
        ]

    @pytest.mark.parametrize(
        "filtering",
        [
            {"start_date": "2026-09-22", "end_date": "2026-09-21"},
            {"start_date": "2020-01-01", "end_date": "2026-09-21"},
            {"start_date": "yesterday"},
            {"transfer_type": "TRANS_TYPE_COST"},
            {"transfer_type": "GIFT"},
        ],
    )
    def test_a_filter_that_cannot_be_names_itself(self, moved, api, filtering):
        answer = api.get("advertiser/transaction/get", bc_id=str(moved.center.id), filtering=json.dumps(filtering))
        assert answer["code"] == 40002
        assert answer["message"].startswith("filtering.")

    def test_of_the_business_center_with_sums_of_all_pages(self, moved, api):
        data = api.get("bc/transaction/get", bc_id=str(moved.center.id), page_size=1)["data"]
        assert [row["amount"] for row in data["list"]] == [5]
        assert data["page_info"]["total_number"] == 3
        assert data["transaction_summary"] == {"amount_charged": 255.5, "amount_paid": 30, "currency": "EUR"}
        grants = json.dumps({"funds_type": ["FUNDS_TYPE_GRANT"]})
        data = api.get("bc/transaction/get", bc_id=str(moved.center.id), filtering=grants)["data"]
        assert (data["list"], data["transaction_summary"]["amount_paid"]) == ([], 0)

    def test_of_either_with_ids_and_types(self, moved, rival, api, clock):
        def told(**asked) -> list[tuple]:
            answer = api.get("bc/account/transaction/get", bc_id=str(moved.center.id), **asked)
            return [
                (row["transaction_type"], row["amount"], row["amount_type"], row["account_id"])
                for row in answer["data"]["transaction_list"]
            ]

        mine = str(moved.advertiser.id)
        assert told() == [
            ("DECREASE_BALANCE", -5, "NEGATIVE", mine),
            ("INCREASE_BALANCE", 30, "POSITIVE", mine),
            ("ADD_BALANCE", 100, "POSITIVE", mine),
        ]
        assert told(transaction_level="BC") == [
            ("INCREASE_BALANCE", 5, "POSITIVE", None),
            ("DECREASE_BALANCE", -30, "NEGATIVE", None),
            ("ADD_BALANCE", 250.5, "POSITIVE", None),
        ]
        assert told(transaction_level="PAYMENT_PORTFOLIO") == []
        only = json.dumps({"transaction_types": ["INCREASE_BALANCE", "BILL_PAYMENT"]})
        assert [row[0] for row in told(filtering=only)] == ["INCREASE_BALANCE"]
        assert told(filtering=json.dumps({"account_ids": [str(rival.advertiser.id)]})) == []
        assert len(told(filtering=json.dumps({"account_ids": [mine, mine], "billing_types": ["CASH"]}))) == 3
        assert told(filtering=json.dumps({"billing_types": ["CREDIT"]})) == []
        assert told(filtering=json.dumps({"account_name": "nobody"})) == []
        now = "2026-09-23 00:00:00"
        assert [row[1] for row in told(filtering=json.dumps({"start_time": now}))] == [-5]
        assert clock.world_ms() % DAY_MS > 0

    def test_every_movement_has_a_name_here(self):
        assert set(NAME_OF) == set(Sort)
