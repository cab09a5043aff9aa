"""A creator's fixed fee: paid once for each advertiser, when its first ad is switched on, out of what it has."""

import pytest
from django.db import transaction

from attise.kernel.errors import Refusal
from attise.ledger import queries as books
from attise.ledger.actions import reverse_charge
from attise.ledger.verify import verify_ledger
from attise.management.accounts.payer import earner_of, payer_of
from attise.management.campaigns.actions.launch_ad import launch_ad
from attise.management.campaigns.actions.switch_ads import switch_ads
from attise.records.terms import Terms
from tests.builders import a_post
from tests.management.campaigns.town import TOKEN, Town, funded
from tests.races import at_once

pytestmark = pytest.mark.django_db
EURO = 1_000_000
FEE = Terms(fee_micros=200 * EURO, currency="EUR")


@pytest.fixture
def town(means, tmp_path):
    return Town(means, tmp_path)


def earned(town) -> int:
    return books.balance_of(earner_of(town.lea.id), "EUR")


def left(town) -> int:
    return books.balance_of(payer_of(town.brand.id), "EUR")


def off(town, **said):
    return town.ad(town.spark(**town.by_code(terms=FEE), operation_status="DISABLE", **said))


def switch(means, town, *ads, to="ENABLE"):
    return switch_ads(means, TOKEN, advertiser_id=town.brand.id, ad_ids=[ad.id for ad in ads], to=to)


def test_the_fee_is_paid_once_with_the_first_ad_that_is_switched_on(town, means):
    ad = off(town)
    assert (earned(town), left(town)) == (0, 1000 * EURO), "binding and preparing cost nothing"
    assert launch_ad(means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id).is_launched
    assert (earned(town), left(town)) == (200 * EURO, 800 * EURO)
    for to in ("DISABLE", "ENABLE", "ENABLE"):
        switch(means, town, ad, to=to)
    (another,) = town.make(town.spark(identity_type=ad.identity_type, identity_id=ad.identity_id, post_id=ad.post.id))
    assert another.operation_status == "ENABLE"
    assert (earned(town), left(town)) == (200 * EURO, 800 * EURO)
    assert verify_ledger().difference is None


def test_an_ad_made_switched_on_pays_at_once_and_no_cap_counts_the_fee(town, means):
    capped = Terms(fee_micros=200 * EURO, currency="EUR", spend_cap_micros=10 * EURO)
    ad = town.ad(town.spark(**town.by_code(terms=capped)))
    assert (earned(town), [one.code for one in ad.blockers]) == (200 * EURO, [])


def test_a_short_balance_is_a_blocker_that_says_the_amounts_and_refuses_the_switch(town, means):
    ad = town.ad(
        town.spark(**town.by_code(terms=Terms(fee_micros=1001 * EURO, currency="EUR")), operation_status="DISABLE")
    )
    (blocker, _) = town.again(ad).blockers
    assert blocker.code == "fee_not_covered"
    assert "1001.00 EUR" in blocker.english
    assert "1000.00 EUR" in blocker.english
    assert not launch_ad(means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id).is_launched
    with pytest.raises(Refusal) as refused:
        switch(means, town, ad)
    assert refused.value.code == "fee_not_covered"
    assert (earned(town), town.again(ad).operation_status) == (0, "DISABLE")
    funded(means, town.brand, 1)
    assert launch_ad(means, TOKEN, advertiser_id=town.brand.id, ad_id=ad.id).is_launched
    assert left(town) == 0


def test_two_fees_that_the_balance_covers_one_by_one_start_neither_ad(town, means):
    terms = Terms(fee_micros=600 * EURO, currency="EUR")
    posts = [town.post, a_post(means, town.lea)]
    ads = [town.ad(town.spark(**town.by_code(post, terms=terms), operation_status="DISABLE")) for post in posts]
    with pytest.raises(Refusal) as refused:
        switch(means, town, *ads)
    assert refused.value.code == "fee_not_covered"
    assert (earned(town), left(town)) == (0, 1000 * EURO)
    assert {town.again(ad).operation_status for ad in ads} == {"DISABLE"}


def test_a_fee_in_another_currency_cannot_be_paid(town, means):
    with pytest.raises(Refusal) as refused:
        town.make(town.spark(**town.by_code(terms=Terms(fee_micros=EURO, currency="USD"))))
    assert refused.value.code == "terms_currency"


def test_a_fee_given_back_is_not_asked_again(town, means):
    ad = off(town)
    switch(means, town, ad)
    (key,) = books.known_charges([f"fee:{grant}:{town.brand.id}" for grant in _grants()])
    with transaction.atomic():
        reverse_charge(means, TOKEN, charge_key=key, currency="EUR", key="back", reason="billing_error")
    switch(means, town, ad, to="DISABLE")
    switch(means, town, ad)
    assert (earned(town), left(town)) == (0, 1000 * EURO)


def _grants():
    from attise.management.authorizations.models import Authorization

    return Authorization.objects.values_list("id", flat=True)


@pytest.mark.django_db(transaction=True)
def test_race_of_many_switches_pays_once(town, means):
    ads = [off(town)]
    same = {"identity_type": ads[0].identity_type, "identity_id": ads[0].identity_id, "post_id": town.post.id}
    ads += town.make(*[town.spark(**same, operation_status="DISABLE") for _ in range(5)])
    at_once([lambda ad=ad: switch(means, town, ad) and "on" for ad in ads])
    assert (earned(town), left(town)) == (200 * EURO, 800 * EURO)
