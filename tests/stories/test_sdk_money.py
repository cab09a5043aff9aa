"""The official SDK's typed calls for money, unchanged but for the host; and the operator's commands beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import business_api_client as sdk
from business_api_client.api.bc_payment_api import BcPaymentApi

from tests.stories.sdk_house import COMMAND, outside, own_house

__all__ = ["own_house"]


def balances(who) -> tuple[float, float]:
    """Return what the advertiser and its Business Center have."""
    api = BcPaymentApi(who.client)
    listed = api.advertiser_balance_get(who.bc_id, who.token, page=1, page_size=50)["data"]["advertiser_account_list"]
    (mine,) = [row for row in listed if row["advertiser_id"] == who.id]
    assert mine["account_balance"] == mine["valid_account_balance"] == mine["transferable_amount"]
    return mine["account_balance"], api.bc_balance_get(who.bc_id, who.token)["data"]["account_balance"]


def test_a_sandbox_s_advertiser_begins_with_ten_thousand_euros(rival):
    assert balances(rival) == (10_000, 10_000)
    (row,) = sdk.AccountManagementApi(rival.client).advertiser_info([rival.id], rival.token)["data"]["list"]
    assert (row["balance"], row["currency"]) == (10_000, "EUR")


def test_money_moves_once_and_is_told_by_every_call(brand):
    api = BcPaymentApi(brand.client)
    before = balances(brand)
    body = sdk.BcTransferBody(
        bc_id=brand.bc_id,
        advertiser_id=brand.id,
        transfer_type="RECHARGE",
        cash_amount=250.25,
        request_id="20261126",
    )
    made = api.bc_transfer(brand.token, body=body)["data"]["transaction_infos"]
    assert api.bc_transfer(brand.token, body=body)["data"]["transaction_infos"] == made
    assert balances(brand) == (before[0] + 250.25, before[1] - 250.25)
    refund = sdk.BcTransferBody(bc_id=brand.bc_id, advertiser_id=brand.id, transfer_type="REFUND", cash_amount=50)
    api.bc_transfer(brand.token, body=refund)
    filtering = sdk.FilteringAdvertiserTransactionGet(transfer_type="TRANS_TYPE_TRANSFER", keyword=brand.id)
    moved = api.advertiser_transaction_get(int(brand.bc_id), brand.token, filtering=filtering)["data"]
    assert [row["amount"] for row in moved["transaction_list"]] == [-50, 250.25]
    listed = sdk.BCApi(brand.client).bc_account_transaction_get(
        brand.token,
        bc_id=brand.bc_id,
        filtering=sdk.FilteringBcAccountTransactionGet(account_ids=[brand.id], transaction_types=["INCREASE_BALANCE"]),
    )["data"]["transaction_list"]
    assert [(row["transaction_id"], row["amount"]) for row in listed] == [(made[0]["transaction_id"], 250.25)]
    told = api.bc_transaction_get(brand.bc_id, brand.token, page_size=50)["data"]
    assert told["transaction_summary"]["amount_paid"] == 250.25
    too_much = sdk.BcTransferBody(
        bc_id=brand.bc_id, advertiser_id=brand.id, transfer_type="REFUND", cash_amount=99_999.99
    )
    refused = brand.refused(api.bc_transfer, brand.token, body=too_much)
    assert (refused.code, refused.message.partition(":")[0]) == (40002, "cash_amount")


def test_a_client_that_does_not_hold_the_business_center_sees_nothing_of_it(brand, rival):
    api = BcPaymentApi(brand.client)
    foreign = brand.refused(api.bc_balance_get, "1790000000000000001", brand.token)
    assert foreign.code == 40001
    body = sdk.BcTransferBody(
        bc_id=brand.bc_id, advertiser_id="1790000000000000001", transfer_type="RECHARGE", cash_amount=5
    )
    assert brand.refused(api.bc_transfer, brand.token, body=body).code == 40001


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *COMMAND, *arguments, "--data", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=outside(),
    )
    return done.returncode, done.stdout + done.stderr


def test_the_operator_funds_beside_a_running_server_and_the_books_hold(brand, house):
    before = balances(brand)[0]
    code, text = run(house.folder, "fund", "--advertiser", brand.id, "--amount", "12.50", "--key", "a", "--json")
    assert code == 0, text
    told = json.loads(text)
    assert (told["amount_micros"], told["available_micros"]) == (12_500_000, round((before + 12.5) * 1_000_000))
    assert run(house.folder, "fund", "--advertiser", brand.id, "--amount", "12.50", "--key", "a")[0] == 0
    assert balances(brand)[0] == before + 12.5, "once"
    for amount, said in (("12.505", "steps of 0.01"), ("-5", "above zero"), ("1e3", "above zero"), ("0", "above zero")):
        code, text = run(house.folder, "fund", "--advertiser", brand.id, f"--amount={amount}")
        assert (code, said in text) == (1, True), text
    code, text = run(house.folder, "fund", "--advertiser", "5", "--amount", "1")
    assert (code, "does not exist" in text) == (1, True)
    code, text = run(house.folder, "verify", "ledger", "--json")
    found = json.loads(text)
    assert (code, found["ok"], found["difference"], set(found["heads"])) == (0, True, None, {"EUR"})
    code, text = run(house.folder, "verify", "--json")
    assert code == 0
    assert {"authorizations", "ledger"} <= set(json.loads(text)["checks"])
