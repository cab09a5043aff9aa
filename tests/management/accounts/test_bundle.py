"""``attise token``: the same name finds the same advertiser, and nothing shown before stops."""

import pytest

from attise.kernel.house import Mode
from attise.management.accounts import queries
from attise.management.accounts.actions import token_bundle
from attise.management.accounts.models import AccessToken, Advertiser, App, BusinessCenter, HostKey

pytestmark = pytest.mark.django_db


def test_an_empty_sandbox_gets_all_it_needs(means):
    bundle = token_bundle(means, Mode.SANDBOX, advertiser_name="Maison Léa")
    advertiser = queries.get_advertiser(int(bundle["advertiser_id"]))
    assert (advertiser.name, advertiser.currency, advertiser.timezone) == ("Maison Léa", "EUR", "Europe/Paris")
    assert advertiser.payer_name == "Maison Léa"
    assert str(advertiser.business_center_id) == bundle["bc_id"]
    grant = queries.find_token(bundle["access_token"])
    assert grant.advertiser_ids == (advertiser.id,)
    assert str(grant.app_id) == bundle["app_id"]
    assert queries.check_app(int(bundle["app_id"]), bundle["secret"]).id == grant.app_id
    assert queries.find_host_key(bundle["host_key"]) is not None


def test_the_same_name_again_is_the_same_advertiser_with_new_credentials(means):
    first = token_bundle(means, Mode.SANDBOX, advertiser_name="Maison Léa")
    again = token_bundle(means, Mode.SANDBOX, advertiser_name="  Maison Léa ")
    other = token_bundle(means, Mode.SANDBOX, advertiser_name="Autre")
    assert first["advertiser_id"] == again["advertiser_id"] != other["advertiser_id"]
    assert first["bc_id"] == again["bc_id"] == other["bc_id"]
    assert first["access_token"] != again["access_token"]
    for bundle in (first, again, other):
        assert queries.find_token(bundle["access_token"]) is not None
        assert queries.find_host_key(bundle["host_key"]) is not None
        assert queries.check_app(int(bundle["app_id"]), bundle["secret"])
    assert Advertiser.objects.count() == 2


def test_nothing_that_grants_is_kept_as_it_was_shown(means):
    bundle = token_bundle(means, Mode.SANDBOX, advertiser_name="Maison Léa")
    kept = str([list(table.objects.values()) for table in (AccessToken, App, HostKey, Advertiser, BusinessCenter)])
    for secret in (bundle["access_token"], bundle["secret"], bundle["host_key"]):
        assert secret not in kept
        assert secret.partition("_")[2] not in kept
