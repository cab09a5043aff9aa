"""Many at once on one grant: real threads, real transactions, on SQLite and on PostgreSQL."""

import pytest

from attise.kernel.actor import Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.rules import State
from attise.management.outbox.models import Change
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOST = Actor("host", 1)


def a_code(means, **fields):
    post = a_post(means, a_creator(means))
    view, code = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30, **fields)
    return view, code


@pytest.mark.parametrize("places", [1, 3])
def test_race_of_forty_advertisers_on_one_code(means, places):
    view, code = a_code(means, terms=Terms(max_advertisers=places))
    brands = [an_advertiser(means, f"Brand {number}") for number in range(40)]
    answers = at_once(
        [lambda brand=brand: actions.redeem(means, HOST, advertiser_id=brand.id, code=code) for brand in brands]
    )
    assert answers.count("auth_code_already_used") == 40 - places
    assert sum(answer.__class__.__name__ == "BoundPost" for answer in answers) == places
    assert len(queries.get_authorization(means, authorization_id=view.id).holders) == places


def test_race_of_one_advertiser_with_itself(means):
    _, code = a_code(means)
    brand = an_advertiser(means)
    answers = at_once([lambda: actions.redeem(means, HOST, advertiser_id=brand.id, code=code)] * 10)
    assert {answer.identity_id for answer in answers} == {answers[0].identity_id}
    assert queries.list_bound_posts(means, advertiser_id=brand.id).total == 1


def test_race_of_revoking_and_extending_ends_revoked(means):
    for number in range(5):
        post = a_post(means, a_creator(means, f"creator{number}"))
        view, _ = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)
        names = {"creator_id": post.creator_id, "authorization_id": view.id}
        at_once(
            [
                lambda names=names: actions.extend(means, HOST, days=7, **names),
                lambda names=names: actions.revoke(means, HOST, when="now", **names),
                lambda names=names: actions.extend(means, HOST, days=365, **names),
            ]
        )
        assert queries.get_authorization(means, authorization_id=view.id).state is State.REVOKED
        assert Change.objects.filter(object_id=view.id).latest("version").kind == "grant_stopped"


def test_race_of_two_creators_on_one_access_request(means):
    center = a_business_center(means)
    _, secret = actions.request_access(means, HOST, business_center_id=center.id, permissions=["existing_posts"])
    creators = [a_creator(means, f"creator{number}") for number in range(8)]
    answers = at_once(
        [
            lambda creator=creator: actions.accept_access(means, HOST, creator_id=creator.id, secret=secret)
            for creator in creators
        ]
    )
    assert answers.count("access_request_answered") == 7
    assert queries.list_accounts(means, business_center_id=center.id).total == 1


def test_race_of_new_codes_leaves_one_that_is_issued(means):
    post = a_post(means, a_creator(means))
    answers = at_once(
        [lambda: actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)] * 8
    )
    states = [queries.get_authorization(means, authorization_id=view.id).state for view, _ in answers]
    assert states.count(State.ISSUED) == 1
    assert states.count(State.REVOKED) == 7


def test_race_of_what_points_at_a_creator_with_their_own_facts(means):
    """Whoever holds a row that others point at must not make them wait for each other in a circle."""
    post = a_post(means, a_creator(means))
    brand = an_advertiser(means)

    def describe():
        for number in range(20):
            accounts.update_creator(means, HOST, creator_id=post.creator_id, bio=f"bio {number}")

    def authorize():
        for _ in range(20):
            _, code = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)
            actions.redeem(means, HOST, advertiser_id=brand.id, code=code)

    at_once([describe, authorize])
    assert Change.objects.filter(kind="creator_changed").count() == 20
    assert Change.objects.filter(kind="grant_changed").count() == 40


def test_race_of_two_requests_of_one_center_opens_an_account_once(means):
    """Two grants would be two revocations, and a creator who made one of them would believe it was over."""
    creator, center = a_creator(means), a_business_center(means)
    brand = an_advertiser(means, center=center)
    asked = [
        actions.request_access(means, HOST, business_center_id=center.id, permissions=["existing_posts"])[1]
        for _ in range(6)
    ]
    granted = at_once(
        [
            lambda secret=secret: actions.accept_access(means, HOST, creator_id=creator.id, secret=secret).id
            for secret in asked
        ]
    )
    assert len(set(granted)) == 1
    assert queries.list_accounts(means, business_center_id=center.id).total == 1
    linked = at_once(
        [lambda: actions.link_own_account(means, HOST, advertiser_id=brand.id, creator_id=creator.id).id] * 6
    )
    assert len(set(linked)) == 1


def test_race_of_guesses_learns_no_more_than_the_limit(means):
    brand = an_advertiser(means)
    guards = actions.guards_of("token:9", "192.0.2.0")
    answers = at_once([lambda: actions.redeem(means, HOST, advertiser_id=brand.id, code="#wrong", guards=guards)] * 30)
    assert answers.count("auth_code_format_error") == 10
    assert answers.count("too_many_requests") == 20
