"""Statements: days of 23, 24 and 25 hours, lines that add up from the opening to the closing, each to whom it is of."""

import datetime as dt

import pytest

from attise.kernel.actor import Actor
from attise.kernel.clock import to_ms
from attise.kernel.errors import Refusal
from attise.ledger.funding import ManualTransfer
from attise.management.authorizations.models import Authorization, Binding
from attise.management.billing import actions as billing
from attise.management.earnings import actions as earnings
from attise.management.invoices import statements
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_code
from tests.earning import EURO, charge, funded

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
DAY = dt.date.fromisoformat


def at(text: str) -> int:
    return to_ms(dt.datetime.fromisoformat(text))


def of(brand, first, last):
    return statements.of_advertiser(advertiser_id=brand.id, first=DAY(first), last=DAY(last))


@pytest.mark.parametrize(
    ("day", "hours", "inside", "outside"),
    [
        ("2026-10-25", 25, "2026-10-25T23:59:59+01:00", "2026-10-26T00:00:00+01:00"),
        ("2027-03-28", 23, "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00"),
        ("2026-11-26", 24, "2026-11-26T23:59:59.999+01:00", "2026-11-25T23:59:59.999+01:00"),
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(means, day, hours, inside, outside):
    brand = funded(means, an_advertiser(means))
    charge(means, brand, None, 3, at_ms=at(inside))
    charge(means, brand, None, 5, at_ms=at(outside))
    (row,) = of(brand, day, day).days
    assert (row.hours, row.moved_micros, row.events) == (hours, 3, 1)


def test_an_advertisers_statement_adds_up(means):
    means.clock._wire_ms = at("2026-11-10T09:00:00+01:00")
    brand = an_advertiser(means)
    fund = {"advertiser_id": brand.id, "provider": ManualTransfer()}
    billing.fund_advertiser(means, HOST, amount_micros=100 * EURO, **fund)
    keys = charge(means, brand, None, 10 * EURO, 2_000_001)
    means.clock.advance(days=1)
    billing.fund_advertiser(means, HOST, amount_micros=50 * EURO, said="VIR 2", **fund)
    charge(means, brand, None, 5 * EURO)
    billing.give_back(means, HOST, advertiser_id=brand.id, charge_keys=keys[:1], reason="invalid_traffic")
    billing.refund_advertiser(means, HOST, advertiser_id=brand.id, amount_micros=EURO)
    told = of(brand, "2026-11-11", "2026-11-30")
    assert told.opening_micros == 100 * EURO - 12_000_001
    assert [(row.day.isoformat(), row.moved_micros, row.given_back_micros) for row in told.days] == [
        ("2026-11-11", 5 * EURO, 10 * EURO)
    ]
    assert [(one.reason, one.amount_micros) for one in told.movements] == [("funding", 50 * EURO), ("refund", -EURO)]
    moved = sum(one.amount_micros for one in told.movements)
    assert told.closing_micros == told.opening_micros + moved - told.moved_micros + told.given_back_micros
    assert told.closing_micros == 142 * EURO - 1


def test_a_creators_statement_adds_up_with_its_payout(means):
    brand, lea = funded(means, an_advertiser(means)), a_creator(means)
    charge(means, brand, lea, 10 * EURO)
    first = dt.datetime.fromtimestamp(means.clock.world_ms() / 1000, dt.UTC).date()
    means.clock.advance(days=31)
    earnings.name_account(means, HOST, creator_id=lea.id, holder="Léa", number="0123456789")
    payout = earnings.ask_payout(means, HOST, creator_id=lea.id, currency="EUR", amount_micros=EURO)
    earnings.approve_payout(means, HOST, payout_id=payout.id)
    told = statements.of_creator(
        creator_id=lea.id, currency="EUR", first=first, last=first + dt.timedelta(days=40), timezone="Europe/Paris"
    )
    assert (told.opening_micros, told.moved_micros, told.closing_micros) == (0, 3 * EURO, 2 * EURO)
    assert [(one.reason, one.amount_micros) for one in told.movements] == [("payout_set_aside", -EURO)]


def test_a_grants_statement_tells_each_holder_its_own_part(means):
    lea = a_creator(means)
    brands = [funded(means, an_advertiser(means, name)) for name in ("Une", "Deux")]
    post = a_post(means, lea)
    a_code(means, post, brands[0], terms=Terms(max_advertisers=2))
    (grant,) = Authorization.objects.values_list("id", flat=True)
    held = Binding.objects.get()
    held.pk, held.id, held.advertiser = None, means.ids.next(), brands[1]
    held.save(force_insert=True)
    keys = [charge(means, brand, lea, 10 * EURO, 1, grant=grant)[0] for brand in brands]
    charge(means, brands[0], lea, 99 * EURO)
    billing.give_back(means, HOST, advertiser_id=brands[0].id, charge_keys=keys[:1], reason="invalid_traffic")
    day = dt.datetime.fromtimestamp(means.clock.world_ms() / 1000, dt.UTC).date()
    asked = {"authorization_id": grant, "creator_id": lea.id, "currency": "EUR", "first": day, "last": day}
    told = statements.of_grant(**asked)
    assert [(row.advertiser_id, row.events, row.spent_micros, row.creator_micros) for row in told.days] == [
        (brands[0].id, 2, 1, 0),
        (brands[1].id, 2, 10 * EURO + 1, 3 * EURO),
    ]
    alone = statements.of_grant(advertiser_id=brands[1].id, **asked)
    assert {row.advertiser_id for row in alone.days} == {brands[1].id}


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-11-02", "2026-11-01"), ("2026-01-01", "2027-01-02"), ("1999-12-31", "1999-12-31"), ("2200-01-01",) * 2],
)
def test_days_that_make_no_statement_are_refused(means, first, last):
    brand = an_advertiser(means)
    with pytest.raises(Refusal) as refused:
        of(brand, first, last)
    assert refused.value.code == "statement_days_wrong"
