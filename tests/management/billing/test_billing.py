"""Advertisers are funded, refunded, and share with their Business Center; nothing is done twice, nobody owes."""

from dataclasses import replace

import pytest

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.house import Mode
from attise.kernel.money import LARGEST_MICROS
from attise.ledger.funding import ManualTransfer, TestCard, find_provider
from attise.ledger.verify import verify_ledger
from attise.management.billing import actions, queries
from attise.management.billing.rules import TEST_CREDIT_MICROS, Sort, read_amount
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from tests.builders import a_business_center, an_advertiser
from tests.races import at_once

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
EURO = 1_000_000
CARD = "9999 0000 0000 0000"


@pytest.fixture
def brand(means):
    return an_advertiser(means)


def fund(means, brand, micros=100 * EURO, **named):
    values = {"provider": ManualTransfer(), **named}
    return actions.fund_advertiser(means, HOST, advertiser_id=brand.id, amount_micros=micros, **values)


def balance(means, brand):
    return queries.balance_of_advertiser(means, advertiser_id=brand.id)


def refusal(act, *given, **named) -> str:
    with pytest.raises(Refusal) as refused:
        act(*given, **named)
    return refused.value.code


def test_funds_are_there_at_once_and_told_to_decisions_and_to_the_advertiser(means, brand):
    assert balance(means, brand).available_micros == 0
    made = fund(means, brand, said="VIR 2026-11-26")
    assert (made.kind, made.amount_micros, made.currency, made.memo) == ("funding", 100 * EURO, "EUR", "VIR 2026-11-26")
    assert (made.actor, made.advertiser_id) == ("host:1", brand.id)
    view = balance(means, brand)
    assert (view.available_micros, view.paid_in_micros, view.spent_micros) == (100 * EURO, 100 * EURO, 0)
    change = Change.objects.get(kind="advertiser_changed", object_id=brand.id)
    assert f'"limit_micros":{100 * EURO}' in change.body
    (notice,) = outbox.list_notices("advertiser", brand.id).items
    assert (notice.kind, notice.body) == ("funds_added", {"amount_micros": 100 * EURO, "currency": "EUR"})


def test_a_key_funds_once_for_each_advertiser(means, brand):
    other = an_advertiser(means, "Autre")
    first = fund(means, brand, key="k")
    assert fund(means, brand, key="k") == first
    assert fund(means, other, key="k").id != first.id
    assert refusal(fund, means, brand, 99 * EURO, key="k") == "transfer_key_reused"
    assert refusal(fund, means, brand, key="k", provider=TestCard(), said=CARD) == "transfer_key_reused"
    assert refusal(fund, means, brand, key="k" * 61) == "text_too_long"
    assert balance(means, brand).available_micros == 100 * EURO
    assert len(outbox.list_notices("advertiser", brand.id).items) == 1


@pytest.mark.parametrize("micros", [0, -1, 1, 9_999, LARGEST_MICROS + 10_000])
def test_an_amount_is_above_zero_in_whole_cents_and_not_beyond_all_measure(means, brand, micros):
    with pytest.raises(Refusal) as refused:
        fund(means, brand, micros)
    assert refused.value.code == "amount_not_payable"
    assert "0.01" in refused.value.english


def test_amounts_are_read_in_the_steps_of_their_currency():
    assert read_amount("10.50", "EUR") == 10_500_000
    assert read_amount("10", "JPY") == 10_000_000
    assert read_amount("1.005", "KWD") == 1_005_000
    for text, currency in (("10.5", "JPY"), ("1.005", "EUR"), ("0", "EUR"), ("-1", "EUR"), ("1e3", "EUR"), ("", "EUR")):
        assert refusal(read_amount, text, currency) == "amount_not_payable", (text, currency)


def test_a_refund_gives_back_no_more_than_there_is(means, brand):
    fund(means, brand)
    names = {"advertiser_id": brand.id, "key": "r"}
    assert refusal(actions.refund_advertiser, means, HOST, amount_micros=101 * EURO, **names) == "balance_too_low"
    made = actions.refund_advertiser(means, HOST, amount_micros=40 * EURO, **names)
    assert (made.kind, made.amount_micros) == ("refund", -40 * EURO)
    assert actions.refund_advertiser(means, HOST, amount_micros=40 * EURO, **names) == made
    assert balance(means, brand).available_micros == 60 * EURO
    assert [notice.kind for notice in outbox.list_notices("advertiser", brand.id).items] == [
        "funds_returned",
        "funds_added",
    ]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "test_card_required"),
        ("4111 1111 1111 1111", "test_card_unknown"),
        ("9999 0000 0000 0001", "card_declined"),
        ("9999000000000002", "card_declined"),
        ("9999 0000 0000 0003", "card_declined"),
        ("9999 0000 0000 0004", "card_declined"),
    ],
)
def test_a_test_card_ends_the_same_way_each_time(means, brand, said, code):
    reasons = set()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            fund(means, brand, provider=TestCard(), said=said)
        assert refused.value.code == code
        reasons.add(refused.value.english)
    assert len(reasons) == 1
    assert "4111" not in reasons.pop(), "what was typed is not repeated"
    assert balance(means, brand).available_micros == 0
    made = fund(means, brand, provider=TestCard(), said=CARD)
    assert made.memo == "•••• 0000"
    assert refusal(fund, means, brand, 1_000_001 * EURO, provider=TestCard(), said=CARD) == "card_declined"


def test_test_cards_are_for_a_sandbox_and_a_demo():
    assert find_provider("test_card", Mode.SANDBOX).name == find_provider("test_card", Mode.DEMO).name == "test_card"
    assert find_provider("manual_transfer", Mode.LIVE).name == "manual_transfer"
    assert refusal(find_provider, "test_card", Mode.LIVE) == "funding_provider_unknown"
    assert refusal(find_provider, "cheque", Mode.DEMO) == "funding_provider_unknown"


def test_money_moves_between_a_business_center_and_its_own_advertisers(means, brand):
    center = brand.business_center_id
    names = {"business_center_id": center, "advertiser_id": brand.id}
    assert refusal(actions.move_to_advertiser, means, HOST, amount_micros=EURO, **names) == "balance_too_low"
    actions.fund_business_center(
        means, HOST, business_center_id=center, amount_micros=50 * EURO, provider=ManualTransfer(), key="k"
    )
    made = actions.move_to_advertiser(means, HOST, amount_micros=30 * EURO, key="t", **names)
    assert (made.kind, made.amount_micros, made.advertiser_id) == ("transfer", 30 * EURO, brand.id)
    assert actions.move_to_advertiser(means, HOST, amount_micros=30 * EURO, key="t", **names) == made
    assert refusal(actions.move_to_business_center, means, HOST, amount_micros=30 * EURO, key="t", **names) == (
        "transfer_key_reused"
    )
    actions.move_to_business_center(means, HOST, amount_micros=10 * EURO, **names)
    assert balance(means, brand).available_micros == 20 * EURO
    of_center = queries.balance_of_business_center(means, business_center_id=center)
    assert (of_center.available_micros, of_center.advertiser_id) == (30 * EURO, None)
    actions.refund_business_center(means, HOST, business_center_id=center, amount_micros=30 * EURO)
    kinds = [one.kind for one in queries.list_movements_of_business_center(business_center_id=center).items]
    assert kinds == ["refund", "transfer", "transfer", "funding"]
    assert verify_ledger().difference is None


def test_a_business_center_moves_nothing_of_others_and_converts_nothing(means, brand):
    other = an_advertiser(means, "Autre")
    center = a_business_center(means, "Ailleurs")
    stranger = {"business_center_id": brand.business_center_id, "advertiser_id": other.id, "amount_micros": EURO}
    assert refusal(actions.move_to_advertiser, means, HOST, **stranger) == "not_found"
    assert refusal(actions.move_to_business_center, means, HOST, **stranger) == "not_found"
    dollars = an_advertiser(means, "Dollars", center=center)
    type(dollars).objects.filter(id=dollars.id).update(currency="USD")
    assert (
        refusal(
            actions.move_to_advertiser,
            means,
            HOST,
            business_center_id=center.id,
            advertiser_id=dollars.id,
            amount_micros=EURO,
        )
        == "currency_differs"
    )
    for act in (actions.fund_advertiser, actions.refund_advertiser):
        more = {"provider": ManualTransfer()} if act is actions.fund_advertiser else {}
        assert refusal(act, means, HOST, advertiser_id=5, amount_micros=EURO, **more) == "not_found"


def test_movements_are_read_from_both_ends(means, brand):
    other = an_advertiser(means, "Autre")
    for number in range(5):
        fund(means, brand, (number + 1) * EURO)
    fund(means, other, 7 * EURO)
    page = queries.list_movements(advertiser_id=brand.id, limit=2)
    assert [one.amount_micros // EURO for one in page.items] == [5, 4]
    rest = queries.list_movements(advertiser_id=brand.id, limit=5, after=page.after)
    assert ([one.amount_micros // EURO for one in rest.items], rest.after) == ([3, 2, 1], None)
    asked = queries.Asked(advertiser_ids=(brand.id, other.id))
    both = queries.page_movements(asked, page=1, page_size=10)
    assert (both.total, both.items[0].advertiser_id) == (6, other.id)
    found = queries.list_balances(means, [brand, other, an_advertiser(means, "Rien")])
    assert [view.available_micros // EURO for view in found.values()] == [15, 7, 0]
    assert queries.sum_movements(asked) == {brand.id: 15 * EURO, other.id: 7 * EURO}
    for sort, total in ((Sort.ADDED, 6), (Sort.RETURNED, 0), (Sort.INCREASED, 0), (Sort.DECREASED, 0)):
        kept = replace(asked, sorts=frozenset({sort}))
        assert queries.page_movements(kept, page=1, page_size=10).total == total
    actions.fund_business_center(
        means, HOST, business_center_id=brand.business_center_id, amount_micros=EURO, provider=ManualTransfer()
    )
    ids = {"business_center_id": brand.business_center_id, "advertiser_id": brand.id, "amount_micros": EURO}
    actions.move_to_advertiser(means, HOST, **ids)
    of_center = queries.Asked(business_center_id=brand.business_center_id)
    assert [one.sort for one in queries.page_movements(of_center, page=1, page_size=10).items] == [
        Sort.DECREASED,
        Sort.ADDED,
    ]
    grown = replace(asked, sorts=frozenset({Sort.INCREASED, Sort.RETURNED}))
    assert queries.sum_movements(grown) == {brand.id: EURO}


def test_test_credit_is_given_once_and_never_in_a_live_house(means, brand):
    actions.give_test_credit(means, Mode.LIVE, advertiser_id=brand.id)
    assert balance(means, brand).available_micros == 0
    for _ in range(2):
        actions.give_test_credit(means, Mode.SANDBOX, advertiser_id=brand.id)
    assert balance(means, brand).available_micros == TEST_CREDIT_MICROS
    center = queries.balance_of_business_center(means, business_center_id=brand.business_center_id)
    assert center.available_micros == TEST_CREDIT_MICROS


@pytest.mark.django_db(transaction=True)
def test_race_of_one_funding_with_itself(means):
    brand = an_advertiser(means)
    answers = at_once([lambda: fund(means, brand, key="k")] * 8)
    assert len({one.id for one in answers}) == 1
    assert balance(means, brand).available_micros == 100 * EURO
    assert len(outbox.list_notices("advertiser", brand.id).items) == 1
