"""Many at once on one grant: real threads, real transactions, on SQLite and on PostgreSQL."""

import threading

import pytest
from django.db import connections

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.authorizations import actions, queries
from attise.management.authorizations.rules import State
from attise.management.outbox.models import Change
from attise.records.terms import Terms
from tests.builders import a_business_center, a_creator, a_post, an_advertiser

pytestmark = pytest.mark.django_db(transaction=True)
HOST = Actor("host", 1)


def at_once(*acts):
    """Run every act in a thread of its own, released together; return each one's answer or refusal code."""
    barrier = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(index, act):
        barrier.wait(30)
        try:
            answers[index] = act()
        except Refusal as refusal:
            answers[index] = refusal.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
        assert not thread.is_alive(), "a race did not end"
    return answers


def a_code(means, **fields):
    post = a_post(means, a_creator(means))
    view, code = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30, **fields)
    return view, code


@pytest.mark.parametrize("places", [1, 3])
def test_race_of_forty_advertisers_on_one_code(means, places):
    view, code = a_code(means, terms=Terms(max_advertisers=places))
    brands = [an_advertiser(means, f"Brand {number}") for number in range(40)]
    answers = at_once(
        *(lambda brand=brand: actions.redeem(means, HOST, advertiser_id=brand.id, code=code) for brand in brands)
    )
    assert answers.count("auth_code_already_used") == 40 - places
    assert sum(answer.__class__.__name__ == "BoundPost" for answer in answers) == places
    assert len(queries.get_authorization(means, authorization_id=view.id).holders) == places


def test_race_of_one_advertiser_with_itself(means):
    _, code = a_code(means)
    brand = an_advertiser(means)
    answers = at_once(*[lambda: actions.redeem(means, HOST, advertiser_id=brand.id, code=code)] * 10)
    assert {answer.identity_id for answer in answers} == {answers[0].identity_id}
    assert queries.list_bound_posts(means, advertiser_id=brand.id).total == 1


def test_race_of_revoking_and_extending_ends_revoked(means):
    for number in range(5):
        post = a_post(means, a_creator(means, f"creator{number}"))
        view, _ = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)
        names = {"creator_id": post.creator_id, "authorization_id": view.id}
        at_once(
            lambda names=names: actions.extend(means, HOST, days=7, **names),
            lambda names=names: actions.revoke(means, HOST, when="now", **names),
            lambda names=names: actions.extend(means, HOST, days=365, **names),
        )
        assert queries.get_authorization(means, authorization_id=view.id).state is State.REVOKED
        assert Change.objects.filter(object_id=view.id).latest("version").kind == "grant_stopped"


def test_race_of_two_creators_on_one_access_request(means):
    center = a_business_center(means)
    _, secret = actions.request_access(means, HOST, business_center_id=center.id, permissions=["existing_posts"])
    creators = [a_creator(means, f"creator{number}") for number in range(8)]
    answers = at_once(
        *(
            lambda creator=creator: actions.accept_access(means, HOST, creator_id=creator.id, secret=secret)
            for creator in creators
        )
    )
    assert answers.count("access_request_answered") == 7
    assert queries.list_accounts(means, business_center_id=center.id).total == 1


def test_race_of_new_codes_leaves_one_that_is_issued(means):
    post = a_post(means, a_creator(means))
    answers = at_once(
        *[lambda: actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)] * 8
    )
    states = [queries.get_authorization(means, authorization_id=view.id).state for view, _ in answers]
    assert states.count(State.ISSUED) == 1
    assert states.count(State.REVOKED) == 7
