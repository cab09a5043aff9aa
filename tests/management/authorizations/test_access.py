"""A Business Center asks for an account by a link of ten minutes; the creator answers; either side ends it."""

import json

import pytest

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions, queries
from attise.management.authorizations.models import Identity
from attise.management.authorizations.rules import State
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from tests.builders import a_business_center, a_creator, an_advertiser

pytestmark = pytest.mark.django_db
PERSON = Actor("person", 4)


@pytest.fixture
def lea(means):
    return a_creator(means)


@pytest.fixture
def center(means):
    return a_business_center(means)


def ask(means, center, permissions=("existing_posts",)):
    return actions.request_access(means, PERSON, business_center_id=center.id, permissions=list(permissions))


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_accepting_by_the_link_opens_the_account_to_the_centers_advertisers(means, lea, center):
    brand, sister = an_advertiser(means, "Un", center), an_advertiser(means, "Deux", center)
    stranger = an_advertiser(means, "Ailleurs")
    question, secret = ask(means, center, ["existing_posts", "new_posts_ads_only"])
    assert (question.state, question.business_center_name) == ("pending", center.name)
    granted = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    assert (granted.kind, granted.state, granted.ends_at_ms) == ("account", State.BOUND, None)
    for advertiser in (brand, sister):
        (identity,) = queries.list_identities(means, advertiser_id=advertiser.id).items
        assert (identity.identity_type, identity.business_center_id) == ("BC_AUTH_TT", center.id)
        assert (identity.can_pull, identity.can_push, identity.ads_only) == (True, True, True)
    assert queries.list_identities(means, advertiser_id=stranger.id).total == 0
    kinds = [notice.kind for notice in outbox.list_notices("business_center", center.id).items]
    assert kinds == ["account_access_granted"]
    assert Change.objects.latest("version").kind == "account_access_changed"


def test_a_link_works_once_and_for_ten_minutes(means, clock, lea, center):
    question, secret = ask(means, center)
    actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    with refused("access_request_answered"):
        actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    late, secret = ask(means, center)
    clock.advance(seconds=600)
    assert queries.get_access_request(means, request_id=late.id).state == "expired"
    with refused("access_request_expired"):
        actions.accept_access(means, PERSON, creator_id=lea.id, request_id=late.id)
    with refused("access_request_expired"):
        actions.refuse_access(means, PERSON, creator_id=lea.id, secret=secret)
    with refused("not_found"):
        actions.accept_access(means, PERSON, creator_id=lea.id, secret="guess")
    assert secret not in repr(question)


def test_refusing_tells_the_asker_and_opens_nothing(means, lea, center):
    question, secret = ask(means, center)
    assert actions.refuse_access(means, PERSON, creator_id=lea.id, secret=secret).state == "refused"
    assert queries.list_accounts(means, business_center_id=center.id).total == 0
    assert outbox.list_notices("business_center", center.id).items[0].kind == "account_access_refused"
    assert queries.get_access_request(means, request_id=question.id).creator_id == lea.id


def test_asking_again_widens_the_grant_instead_of_doubling_it(means, lea, center):
    for permissions in (["existing_posts"], ["new_posts"]):
        _, secret = ask(means, center, permissions)
        granted = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    assert granted.permissions == ("existing_posts", "new_posts")
    assert queries.list_accounts(means, business_center_id=center.id).total == 1
    assert [entry.verb for entry in queries.list_history(granted.id)] == ["access_granted", "widened"]


@pytest.mark.parametrize("permissions", [[], ["everything"], ["existing_posts", "drafts"]])
def test_only_known_permissions_are_asked(means, center, permissions):
    with refused("permissions_invalid"):
        ask(means, center, permissions)


@pytest.mark.parametrize("side", ["creator", "center"])
def test_either_side_ends_it_and_the_identity_dies(means, lea, center, side):
    brand = an_advertiser(means, "Un", center)
    _, secret = ask(means, center)
    granted = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    if side == "creator":
        actions.revoke(means, PERSON, creator_id=lea.id, authorization_id=granted.id, when="now")
    else:
        actions.end_access(means, PERSON, business_center_id=center.id, authorization_id=granted.id)
    (identity,) = queries.list_identities(means, advertiser_id=brand.id).items
    assert (identity.is_available, identity.can_pull) == (False, False)
    assert Change.objects.latest("version").kind == "account_access_stopped"
    assert queries.list_accounts(means, business_center_id=center.id).total == 0


def test_an_account_is_taken_from_one_advertiser_and_given_back(means, lea, center):
    brand = an_advertiser(means, "Un", center)
    _, secret = ask(means, center)
    actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    names = {"business_center_id": center.id, "advertiser_id": brand.id, "creator_id": lea.id}
    actions.unassign_account(means, PERSON, **names)
    assert not queries.list_identities(means, advertiser_id=brand.id).items[0].is_available
    actions.assign_account(means, PERSON, **names)
    assert queries.list_identities(means, advertiser_id=brand.id).items[0].is_available
    stranger = an_advertiser(means, "Ailleurs")
    with refused("not_found"):
        actions.assign_account(means, PERSON, **{**names, "advertiser_id": stranger.id})


def test_taking_an_account_back_is_told_complete_in_itself(means, lea, center):
    """Decisions learn which identity stops from the change alone, and that it may run again when it is given back."""
    brand = an_advertiser(means, "Un", center)
    _, secret = ask(means, center)
    actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    identity = Identity.objects.get(advertiser_id=brand.id)
    names = {"business_center_id": center.id, "advertiser_id": brand.id, "creator_id": lea.id}
    actions.unassign_account(means, PERSON, **names)
    last = Change.objects.latest("version")
    assert (last.kind, last.object_id) == ("identity_stopped", identity.id)
    assert json.loads(last.body) == {"advertiser_id": brand.id, "creator_id": lea.id}
    _, secret = ask(means, center)
    actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    kinds = list(Change.objects.order_by("-version").values_list("kind", "object_id")[:2])
    assert ("identity_changed", identity.id) in kinds


def test_an_account_that_is_gone_opens_nothing(means, lea, center):
    brand = an_advertiser(means, "Un", center)
    _, secret = ask(means, center)
    accounts.retire_creator(means, PERSON, creator_id=lea.id)
    with refused("creator_gone"):
        actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    with refused("creator_gone"):
        actions.link_own_account(means, PERSON, advertiser_id=brand.id, creator_id=lea.id)


def test_an_access_that_the_clock_ended_is_neither_widened_nor_assigned(means, clock, lea, center):
    brand = an_advertiser(means, "Un", center)
    _, secret = ask(means, center)
    first = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    end = clock.world_ms() + 1000
    names = {"creator_id": lea.id, "authorization_id": first.id}
    actions.revoke(means, PERSON, when="campaigns_end", campaigns_end_ms=end, **names)
    kinds = [notice.kind for notice in outbox.list_notices("business_center", center.id).items]
    assert kinds[0] == "authorization_revocation_planned"
    clock.advance(seconds=1)
    with refused("not_found"):
        actions.assign_account(means, PERSON, business_center_id=center.id, advertiser_id=brand.id, creator_id=lea.id)
    _, secret = ask(means, center, ["new_posts"])
    second = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    assert (second.id != first.id, second.permissions) == (True, ("new_posts",))
    assert [holder.advertiser_id for holder in second.holders] == [brand.id]


def test_an_own_account_is_linked_once(means, lea):
    brand = an_advertiser(means)
    first = actions.link_own_account(means, PERSON, advertiser_id=brand.id, creator_id=lea.id)
    assert actions.link_own_account(means, PERSON, advertiser_id=brand.id, creator_id=lea.id) == first
    (identity,) = queries.list_identities(means, advertiser_id=brand.id).items
    assert (identity.identity_type, identity.can_pull, identity.can_push) == ("TT_USER", True, True)


def test_another_center_cannot_end_what_is_not_its_own(means, lea, center):
    _, secret = ask(means, center)
    granted = actions.accept_access(means, PERSON, creator_id=lea.id, secret=secret)
    with refused("not_found"):
        actions.end_access(
            means, PERSON, business_center_id=a_business_center(means, "X").id, authorization_id=granted.id
        )
