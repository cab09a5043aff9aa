"""The first start: one person who is everybody, until there are others."""

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.management.accounts import queries
from attise.management.accounts.actions import create_creator, first_start, follow_link, token_bundle
from attise.management.accounts.models import BusinessCenter, Person
from attise.management.accounts.rules import ADMIN
from attise.management.outbox.actions import unit
from attise.management.viewers.actions import viewer_of_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.DEMO])
def test_one_person_is_everybody(means, mode):
    start = first_start(means, mode)
    person = queries.find_first_operator()
    assert (person.id, person.is_operator, person.has_password) == (start.person_id, True, False)
    assert queries.roles_in(person.id, start.business_center_id) == ADMIN
    assert queries.get_advertiser(start.advertiser_id).business_center_id == start.business_center_id
    assert queries.find_creator_of_person(person.id).id == start.creator_id
    assert {console: follow_link(means, secret).person_id for console, secret in start.links.items()} == dict.fromkeys(
        ["viewer", "creator", "advertiser", "operator"], person.id
    )


def test_it_happens_once(means):
    assert first_start(means, Mode.LIVE) is not None
    assert first_start(means, Mode.LIVE) is None
    assert Person.objects.count() == 1


def test_a_sandbox_starts_empty(means):
    assert first_start(means, Mode.SANDBOX) is None
    assert not Person.objects.exists()
    assert not BusinessCenter.objects.exists()


def test_what_a_command_made_before_is_taken_over(means):
    bundle = token_bundle(means, Mode.LIVE)
    create_creator(means, COMMAND, handle="attise", display_name="Somebody was quick")
    start = first_start(means, Mode.LIVE)
    assert (str(start.advertiser_id), str(start.business_center_id)) == (bundle["advertiser_id"], bundle["bc_id"])
    assert queries.get_creator(start.creator_id).handle == "attise2"


def test_its_viewer_is_made_in_the_same_unit(means):
    with unit(means):
        start = first_start(means, Mode.LIVE)
        viewer = viewer_of_person(means, person_id=start.person_id)
    assert viewer.person_id == start.person_id


def test_in_a_live_house_a_new_advertiser_takes_after_the_first_business_center(means):
    start = first_start(means, Mode.LIVE)
    BusinessCenter.objects.filter(id=start.business_center_id).update(
        currency="SEK", timezone="Europe/Stockholm", company="Nord AB", country="SE"
    )
    made = queries.get_advertiser(int(token_bundle(means, Mode.LIVE, advertiser_name="Snö")["advertiser_id"]))
    assert (made.currency, made.timezone, made.company, made.payer_name, made.country) == (
        "SEK",
        "Europe/Stockholm",
        "Nord AB",
        "Nord AB",
        "SE",
    )
    made = queries.get_advertiser(int(token_bundle(means, Mode.DEMO, advertiser_name="Neige")["advertiser_id"]))
    assert (made.currency, made.timezone, made.payer_name) == ("EUR", "Europe/Paris", "Neige")
