"""What a creator earned under a grant of the whole account is told by post, alike on their page and to the host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attise.kernel.actor import COMMAND
from attise.ledger import queries as books
from attise.management.accounts.actions import make_host_key
from attise.management.accounts.models import Advertiser
from attise.management.accounts.payer import earner_of
from attise.management.billing.actions import give_back
from attise.management.earnings.by_post import EarnedRow, Part, with_posts
from tests.doors.native_api.conftest import Host
from tests.earning import an_envelope, funded
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event

ACCOUNT_GRANT = 77
SHARE = 5_000
"""A quarter of the price."""


@pytest.fixture
def happened(town, tmp_path):
    made = Happened(town.means, tmp_path)
    yield made
    made.close()


def seen(happened, brand, post, *, ad_id: int, grant: int) -> str:
    """Have an ad on a post be seen once and paid for, under a grant; returns the key of its charge."""
    means = happened.means
    envelopes = (
        an_envelope(means, brand, f"campaign:{brand.id}", kind="day"),
        an_envelope(means, brand, f"grant:{grant}:{brand.id}", kind="grant"),
    )
    said = {"advertiser_id": brand.id, "price_micros": 20_000, "share_ppm": 250_000, "is_spark": True}
    ad = ad_claims(envelopes, ad_id=ad_id, grant_id=grant, **said)
    of = claims(means, ad, post_id=post.id, creator_id=post.creator_id)
    impression = event(means, "impression", of, after_s=1)
    happened.settle(impression)
    return f"event:{impression.key.hex()}"


def _place(row) -> tuple[str, str]:
    return row["authorization_id"], row["post_id"]


@pytest.mark.django_db
def test_a_grant_of_the_account_tells_each_post_to_the_creator_and_to_the_host(town, creator, happened):
    brand = funded(town.means, Advertiser.objects.get(id=town.advertiser.id))
    morning, evening = town.a_post("Le matin"), town.a_post("Le soir")
    by_code, code = town.a_grant(morning)
    town.applied(code)
    keys = [seen(happened, brand, evening, ad_id=901, grant=ACCOUNT_GRANT) for _ in range(3)]
    seen(happened, brand, morning, ad_id=902, grant=ACCOUNT_GRANT)
    seen(happened, brand, morning, ad_id=903, grant=by_code.id)
    give_back(town.means, COMMAND, advertiser_id=brand.id, charge_keys=keys[:1], reason="invalid_traffic")

    told = Host(make_host_key(town.means, name="app")[1]).get(f"/v1/creators/{town.creator.id}/earnings").json()
    of_brand = {"currency": "EUR", "kind": "share", "advertiser_id": str(brand.id)}
    by_account, one = str(ACCOUNT_GRANT), {"events": 1, "earned_micros": SHARE, "given_back_micros": 0}
    three = {"events": 3, "earned_micros": 3 * SHARE, "given_back_micros": SHARE}
    expected = [
        of_brand | three | {"authorization_id": by_account, "post_id": str(evening.id)},
        of_brand | one | {"authorization_id": by_account, "post_id": str(morning.id)},
        of_brand | one | {"authorization_id": str(by_code.id), "post_id": str(morning.id)},
    ]
    assert sorted(told["sources"], key=_place) == sorted(expected, key=_place)
    left = sum(row["earned_micros"] - row["given_back_micros"] for row in told["sources"])
    assert left == books.balance_of(earner_of(town.creator.id), "EUR")

    page = creator.get("/creation/revenus").content.decode()
    table = page.partition('id="sources"')[2].partition("</table>")[0]
    assert (table.count("Le matin"), table.count("Le soir"), table.count("Access to the account")) == (2, 1, 0)


AMOUNTS = st.integers(0, 1_000)


def a_row(post_id=None, *, grant=1, advertiser=1, is_fee=False, earned=0, back=0, events=0) -> EarnedRow:
    return EarnedRow(advertiser, grant, post_id, is_fee, earned, back, events)


@given(st.lists(st.tuples(st.integers(1, 3), AMOUNTS, AMOUNTS), max_size=6), st.lists(AMOUNTS, max_size=3), AMOUNTS)
def test_sums_stay_whatever_the_posts_say(parts, accounts, coded):
    rows = [a_row(grant=9 + place, earned=micros, back=micros // 3) for place, micros in enumerate(accounts)]
    rows += [a_row(1, earned=coded), a_row(2, is_fee=True, earned=50), a_row(grant=8, advertiser=2, earned=7)]
    told = {post_id: Part(1, post_id, 1, earned, min(back, earned)) for post_id, earned, back in parts}
    found = with_posts(rows, told.values())
    for advertiser_id in (1, 2):
        mine, before = ([row for row in some if row.advertiser_id == advertiser_id] for some in (found, rows))
        assert sum(row.earned_micros for row in mine) == sum(row.earned_micros for row in before)
        assert sum(row.given_back_micros for row in mine) == sum(row.given_back_micros for row in before)
    assert all(row.earned_micros >= 0 and row.given_back_micros >= 0 for row in found)


def test_of_several_grants_none_is_named_and_what_no_post_explains_stays():
    rows = [a_row(grant=1, earned=70, events=7), a_row(grant=2, earned=40, events=4)]
    found = with_posts(rows, [Part(1, 5, 6, 60), Part(1, 6, 3, 30)])
    assert [(one.authorization_id, one.post_id, one.earned_micros, one.events) for one in found] == [
        (None, 5, 60, 6),
        (None, 6, 30, 3),
        (None, None, 20, 2),
    ]
    assert with_posts(rows, [Part(1, 5, 6, 111)]) == rows, "more than the ledger has is not believed"
