"""Access tokens and host keys: what they open, and how they stop at once."""

import json
from dataclasses import dataclass

import pytest

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    change_member,
    create_app,
    issue_token,
    make_host_key,
    remove_member,
    revoke_host_key,
    revoke_token,
    withdraw_token,
)
from attise.management.accounts.models import AccessToken, HostKey, Person
from attise.management.accounts.rules import ADMIN, ANALYST, CAMPAIGN_OPERATOR, Permission
from attise.management.accounts.views import AdvertiserView, AppView, BusinessCenterView, PersonView
from attise.management.outbox.models import Change
from attise.management.outbox.queries import list_notices
from tests.management.accounts.conftest import Town
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Desk:
    """Paul, a campaign operator, an advertiser of his Business Center, and an app."""

    town: Town
    center: BusinessCenterView
    advertiser: AdvertiserView
    app: AppView
    paul: PersonView

    def issue(self, *advertisers, **fields):
        """Issue a token that Paul grants, for the advertisers named or for his own."""
        ids = [advertiser.id for advertiser in advertisers or [self.advertiser]]
        values = {"app_id": self.app.id, "person_id": self.paul.id, "advertiser_ids": ids, **fields}
        return issue_token(self.town.means, **values)

    def remove_paul(self):
        remove_member(self.town.means, COMMAND, business_center_id=self.center.id, person_id=self.paul.id)


@pytest.fixture
def desk(means, town, center, advertiser):
    paul = town.person("paul")
    town.join(center, paul, "STANDARD", "OPERATOR")
    return Desk(town, center, advertiser, create_app(means, name="Outil")[0], paul)


def test_a_token_opens_what_was_named_and_nothing_else(desk):
    other = desk.town.advertiser(desk.center, "Autre")
    view, text = desk.issue(scopes=[6, 2, 6])
    grant = queries.find_token(text)
    assert (grant.token_id, grant.app_id, grant.person_id) == (view.id, desk.app.id, desk.paul.id)
    assert (grant.advertiser_ids, grant.business_center_ids) == ((desk.advertiser.id,), (desk.center.id,))
    assert grant.scopes == {2, 6}
    assert grant.can_on_advertiser(desk.advertiser.id, Permission.APPLY_CODES)
    assert not grant.can_on_advertiser(desk.advertiser.id, Permission.MANAGE_BILLING)
    assert not grant.can_on_advertiser(other.id, Permission.READ)
    assert grant.can_on_business_center(desk.center.id, Permission.READ)
    assert not grant.can_on_business_center(5, Permission.READ)


def test_the_operator_s_own_token_acts_as_an_administrator(desk):
    _, text = desk.issue(person_id=None)
    grant = queries.find_token(text)
    assert grant.person_id is None
    assert grant.roles == {desk.center.id: ADMIN}


def test_a_token_costs_one_query_and_a_text_that_is_none_costs_none(means, desk, django_assert_num_queries):
    brands = [desk.advertiser, *(desk.town.advertiser(desk.center, f"Marque {number}") for number in range(5))]
    _, text = desk.issue(*brands)
    _, key = make_host_key(means, name="hôte")
    with django_assert_num_queries(1):
        assert queries.find_token(text).advertiser_ids == tuple(brand.id for brand in brands)
    with django_assert_num_queries(1):
        assert queries.find_host_key(key) is not None
    with django_assert_num_queries(0):
        for other in ("", "x", text.upper(), f" {text}", key, "\0", "\udcff", "a" * 1_000_000):
            assert queries.find_token(other) is None
        assert queries.find_host_key(text) is None


def test_a_token_that_was_never_granted_opens_nothing(desk):
    _, text = desk.issue()
    last = "0" if text[-1] != "0" else "1"
    assert queries.find_token(text[:-1] + last) is None


def test_a_token_follows_its_granter_s_role_and_dies_with_their_membership(means, desk):
    _, text = desk.issue()
    here = {"business_center_id": desk.center.id, "person_id": desk.paul.id}
    assert queries.find_token(text).roles == {desk.center.id: CAMPAIGN_OPERATOR}
    change_member(means, COMMAND, **here, role="STANDARD", advertiser_role="ANALYST")
    assert queries.find_token(text).roles == {desk.center.id: ANALYST}
    desk.remove_paul()
    assert queries.find_token(text) is None


def test_a_member_who_comes_back_does_not_bring_their_old_tokens(desk):
    """Whoever was removed was removed for a reason: a program that kept the token must not wake up."""
    studio = desk.town.center(desk.paul, name="Studio")
    film = desk.town.advertiser(studio, "Film")
    _, text = desk.issue()
    _, both = desk.issue(film, desk.advertiser)
    desk.remove_paul()
    desk.town.join(desk.center, desk.paul, "ADMIN")
    assert queries.find_token(text) is None
    assert queries.find_token(both).advertiser_ids == (film.id,)
    assert queries.list_tokens_of_business_center(desk.center.id) == []
    _, fresh = desk.issue()
    assert queries.find_token(fresh).roles == {desk.center.id: ADMIN}


def test_a_token_of_a_closed_account_is_dead(desk):
    _, text = desk.issue()
    Person.objects.filter(id=desk.paul.id).update(is_active=False)
    assert queries.find_token(text) is None


def test_leaving_one_of_two_business_centers_leaves_the_other_half(desk):
    studio = desk.town.center(desk.paul, name="Studio")
    film = desk.town.advertiser(studio, "Film")
    _, text = desk.issue(film, desk.advertiser)
    assert queries.find_token(text).roles == {desk.center.id: CAMPAIGN_OPERATOR, studio.id: ADMIN}
    desk.remove_paul()
    grant = queries.find_token(text)
    assert (grant.advertiser_ids, grant.business_center_ids) == ((film.id,), (studio.id,))
    assert not grant.can_on_advertiser(desk.advertiser.id, Permission.READ)


def test_a_membership_elsewhere_does_not_keep_a_token_alive(desk):
    desk.town.center(desk.paul, name="Studio")
    _, text = desk.issue()
    desk.remove_paul()
    assert queries.find_token(text) is None


def test_a_revoked_token_is_dead_with_the_answer(means, desk, clock):
    view, text = desk.issue()
    revoked = revoke_token(means, token_id=view.id)
    assert queries.find_token(text) is None
    assert revoked.advertiser_ids == (desk.advertiser.id,)
    clock.advance(days=1)
    assert revoke_token(means, token_id=view.id).revoked_at_ms == revoked.revoked_at_ms
    assert refusals_of(revoke_token, means, token_id=1) == [("token_id", "not_found")]


def test_an_administrator_withdraws_a_token_from_their_own_business_center_alone(means, desk):
    center = desk.center
    studio = desk.town.center(desk.paul, name="Studio")
    film = desk.town.advertiser(studio, "Film")
    view, text = desk.issue(film, desk.advertiser)
    (listed,) = queries.list_tokens_of_business_center(center.id)
    assert (listed.id, listed.advertiser_ids) == (view.id, (desk.advertiser.id,))
    withdraw_token(means, business_center_id=center.id, token_id=view.id)
    assert queries.find_token(text).advertiser_ids == (film.id,)
    assert queries.list_tokens_of_business_center(center.id) == []
    assert refusals_of(withdraw_token, means, business_center_id=center.id, token_id=view.id) == [
        ("token_id", "not_found")
    ]
    withdraw_token(means, business_center_id=studio.id, token_id=view.id)
    assert queries.find_token(text) is None
    assert AccessToken.objects.get(id=view.id).revoked_at_ms is not None


def test_what_a_token_cannot_be(desk):
    assert refusals_of(desk.issue, app_id=1) == [("app_id", "app_unknown")]
    assert refusals_of(desk.issue, advertiser_ids=[]) == [("advertiser_ids", "list_length")]
    assert refusals_of(desk.issue, advertiser_ids=range(101)) == [("advertiser_ids", "list_length")]
    assert refusals_of(desk.issue, advertiser_ids=[desk.advertiser.id, 1]) == [("advertiser_ids", "not_found")]
    for scopes in ([], [0], [99], [True], ["2"]):
        assert refusals_of(desk.issue, scopes=scopes) == [("scopes", "scope_unknown")]
    assert refusals_of(desk.issue, advertiser_ids=[], scopes=[], name="\0") == [
        ("advertiser_ids", "list_length"),
        ("scopes", "scope_unknown"),
        ("name", "text_characters"),
    ]
    assert not AccessToken.objects.exists()


def test_a_host_key_is_shown_once_and_stops_at_once(means, clock):
    view, text = make_host_key(means, name="Serveur de production")
    other, _ = make_host_key(means, name="Serveur de production")
    assert queries.find_host_key(text) == view
    assert text not in str(list(HostKey.objects.values()))
    revoke_host_key(means, Actor("person", 7), host_key_id=view.id)
    assert queries.find_host_key(text) is None
    told = Change.objects.get()
    assert (told.kind, told.object_id) == ("key_stopped", view.id)
    assert json.loads(told.body) == {"hash": HostKey.objects.get(id=view.id).key_hash}
    clock.advance(days=1)
    again = revoke_host_key(means, host_key_id=view.id)
    assert Change.objects.count() == 1
    assert queries.list_host_keys() == [other, again]
    assert refusals_of(revoke_host_key, means, host_key_id=1) == [("host_key_id", "not_found")]
    assert refusals_of(make_host_key, means, name=" ") == [("name", "field_required")]
    assert [(one.kind, one.object_id, one.body) for one in list_notices("operator", 0).items] == [
        ("host_key_revoked", view.id, {"by": "person:7", "name": "Serveur de production"}),
        ("host_key_made", other.id, {"by": "command", "name": "Serveur de production"}),
        ("host_key_made", view.id, {"by": "command", "name": "Serveur de production"}),
    ]
