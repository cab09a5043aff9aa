"""Business Centers are founded, advertisers made and changed."""

import pytest

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    create_advertiser,
    create_app,
    create_business_center,
    issue_token,
    update_advertiser,
)
from attise.management.accounts.models import Advertiser, BusinessCenter
from attise.management.accounts.rules import ADMIN
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


def test_whoever_founds_a_business_center_administers_it(means, town):
    ines = town.person("ines")
    facts = {"company": "Aubrée SAS", "country": "FR", "currency": "EUR", "timezone": "Europe/Paris"}
    made = create_business_center(means, Actor("person", ines.id), name="Maison Aubrée", **facts)
    assert queries.get_business_center(made.id) == made
    assert queries.roles_in(ines.id, made.id) == ADMIN
    host = create_business_center(means, Actor("host", 1), name="Studio", **facts)
    assert queries.list_members(host.id).items == []
    assert queries.find_oldest_business_center() == made
    assert queries.list_business_centers([host.id, made.id, 1]) == [made, host]


def test_a_business_center_tells_all_that_is_wrong(means):
    found = refusals_of(
        create_business_center,
        means,
        COMMAND,
        name=" ",
        company="x" * 201,
        country="France",
        currency="euro",
        timezone="Paris",
    )
    assert found == [
        ("name", "field_required"),
        ("company", "text_too_long"),
        ("country", "country_unknown"),
        ("currency", "currency_unknown"),
        ("timezone", "timezone_unknown"),
    ]
    assert not BusinessCenter.objects.exists()


def test_nothing_legal_is_left_unsaid(town, center):
    made = town.advertiser(center, company="Aubrée SAS")
    assert (made.payer_name, made.category) == ("Aubrée SAS", "other")
    named = town.advertiser(center, payer_name="Agence Lune", category="beauty_care")
    assert (named.payer_name, named.category) == ("Agence Lune", "beauty_care")
    assert queries.get_advertiser(made.id) == made
    assert queries.list_advertisers_of_business_center(center.id) == [made, named]
    assert queries.list_advertisers([named.id, 5]) == [named]


def test_an_advertiser_tells_all_that_is_wrong(means, center):
    found = refusals_of(
        create_advertiser,
        means,
        COMMAND,
        business_center_id=center.id,
        name="x" * 101,
        company="",
        currency="XXX",
        timezone="Mars/Base",
        country="FRA",
        category="things",
        language="fr-FR",
        industry="\0",
        contact_name="a\u2066b",
        contact_email="nobody",
        contact_phone="call me",
        address="x" * 201,
        promotion_link="javascript:alert(1)",
    )
    assert [field for field, _ in found] == [
        "name",
        "company",
        "payer_name",
        "timezone",
        "country",
        "language",
        "category",
        "industry",
        "contact_name",
        "contact_email",
        "contact_phone",
        "address",
        "promotion_link",
        "currency",
    ]
    assert not Advertiser.objects.exists()


def test_an_advertiser_lives_in_a_business_center_that_exists(means, town):
    assert refusals_of(
        create_advertiser,
        means,
        COMMAND,
        business_center_id=1,
        name="A",
        company="A",
        currency="EUR",
        timezone="Europe/Paris",
        country="FR",
    ) == [("business_center_id", "not_found")]
    assert refusals_of(queries.get_advertiser, 1) == [("advertiser_id", "not_found")]
    assert refusals_of(queries.get_business_center, 1) == [("business_center_id", "not_found")]


def test_what_is_not_named_stays(means, advertiser, clock):
    clock.advance(days=1)
    changed = update_advertiser(
        means, COMMAND, advertiser_id=advertiser.id, contact_email="Ads@Example.org", ads_only_mode=True
    )
    assert (changed.contact_email, changed.ads_only_mode, changed.name) == ("ads@example.org", True, advertiser.name)
    assert changed.modified_at_ms == clock.world_ms() > advertiser.modified_at_ms
    assert refusals_of(update_advertiser, means, COMMAND, advertiser_id=1, name="x") == [("advertiser_id", "not_found")]


def test_a_currency_is_fixed_and_a_status_is_nobody_s_to_write(means, advertiser):
    found = refusals_of(
        update_advertiser, means, COMMAND, advertiser_id=advertiser.id, currency="USD", status="X", business_center_id=1
    )
    assert found == [
        ("currency", "currency_fixed"),
        ("status", "field_unknown"),
        ("business_center_id", "field_unknown"),
    ]


def test_a_time_zone_changes_once_in_thirty_days(means, advertiser, clock):
    def move(zone):
        return update_advertiser(means, COMMAND, advertiser_id=advertiser.id, timezone=zone)

    assert move("Europe/Paris").timezone == "Europe/Paris"  # no change, not counted
    assert move("Asia/Tokyo").timezone == "Asia/Tokyo"
    clock.advance(days=29)
    assert move("Asia/Tokyo").timezone == "Asia/Tokyo"
    assert refusals_of(move, "Europe/Paris") == [("timezone", "timezone_changed_lately")]
    clock.advance(days=1)
    assert move("Europe/Paris").timezone == "Europe/Paris"


def test_an_outside_name_finds_its_advertiser_and_is_given_once(means, town, center):
    made = town.advertiser(center, external_key="shop-1")
    assert queries.find_advertiser_by_key("shop-1") == made
    for other in ("shop-2", "", "\0", "\udcff"):
        assert queries.find_advertiser_by_key(other) is None
    assert refusals_of(town.advertiser, center, external_key="shop-1") == [("external_key", "external_key_taken")]


def test_a_token_may_act_for_the_advertiser_it_makes(means, town, center, advertiser, ines):
    app, _ = create_app(means, name="Outil")
    token, text = issue_token(means, app_id=app.id, person_id=ines.id, advertiser_ids=[advertiser.id])
    made = town.advertiser(center, "Nouveau", actor=Actor("token", token.id))
    assert queries.find_token(text).advertiser_ids == (advertiser.id, made.id)
