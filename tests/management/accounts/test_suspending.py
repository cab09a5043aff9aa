"""The operator suspends a login, a creator or an advertiser and restores it: refused meanwhile, and nothing is lost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from attise.doors.cli.restore_stops import stop_again
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.accounts import actions, queries
from attise.management.accounts.models import Advertiser, Creator, Person, Sanction
from attise.management.accounts.rules import SUBJECTS
from attise.management.journal.queries import page_journal
from attise.management.outbox.models import Change
from attise.management.posts.queries import find_posts
from attise.records.stop import FILE, Stop, read_stops
from tests.builders import a_creator, a_person, a_post, an_advertiser
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
OLGA = Actor("person", 7)
PASSWORD = "a long walk by the sea"


@pytest.fixture
def accounts(means):
    """Return the ids of one account of each sort."""
    person, creator, brand = a_person(means), a_creator(means), an_advertiser(means)
    return {"login": person.id, "creator": creator.id, "advertiser": brand.id}


def suspend(means, subject, subject_id, reason="Sold followers.", **more):
    return actions.suspend_account(means, OLGA, subject=subject, subject_id=subject_id, reason=reason, **more)


def restore(means, subject, subject_id, reason="It was somebody else."):
    return actions.restore_account(means, OLGA, subject=subject, subject_id=subject_id, reason=reason)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_account_is_suspended_and_restored_once_each_and_its_strikes_stay(means, accounts, subject):
    account_id = accounts[subject]
    assert refusals_of(restore, means, subject, account_id) == [(None, "account_not_suspended")]
    suspend(means, subject, account_id)
    assert refusals_of(suspend, means, subject, account_id) == [(None, "account_suspended_already")]
    assert queries.find_suspension(subject, account_id).reason == "Sold followers."
    assert queries.find_account(subject, account_id).state == "suspended"
    restore(means, subject, account_id)
    assert queries.find_suspension(subject, account_id) is None
    suspend(means, subject, account_id, "Again.", strike=False)
    restore(means, subject, account_id)
    shown = queries.find_account(subject, account_id)
    assert (shown.state, shown.strikes) == ("active", 1)
    told = [(one.verb, one.is_strike) for one in queries.page_sanctions(subject=subject, subject_id=account_id).items]
    assert told == [("restored", False), ("suspended", False), ("restored", False), ("suspended", True)]
    acts = [(one.action, one.object_id, one.actor) for one in page_journal(object_kind="account").items]
    assert acts[-1] == ("account_suspended", account_id, "person:7")


def test_it_needs_a_reason_and_an_account(means, accounts):
    assert refusals_of(suspend, means, "castle", 1, " ") == [
        ("subject", "field_invalid"),
        ("reason", "field_required"),
    ]
    assert refusals_of(suspend, means, "creator", accounts["advertiser"]) == [("creator_id", "not_found")]
    actions.retire_creator(means, OLGA, creator_id=accounts["creator"])
    assert refusals_of(suspend, means, "creator", accounts["creator"]) == [("creator_id", "creator_gone")]


def test_what_was_done_cannot_be_altered(means, accounts):
    suspend(means, "login", accounts["login"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Sanction.objects.update(reason="Nothing.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Sanction.objects.all().delete()


def test_a_suspended_login_is_told_why_only_with_the_right_password(means, accounts):
    person_id = accounts["login"]
    actions.set_password(means, OLGA, person_id=person_id, password=PASSWORD)
    suspend(means, "login", person_id)
    wrong = {"email": "ines@example.org", "password": "another long walk"}
    assert refusals_of(actions.sign_in, means, **wrong) == [(None, "sign_in_refused")]
    with pytest.raises(Refusal) as told:
        actions.sign_in(means, email="ines@example.org", password=PASSWORD)
    assert (told.value.code, told.value.params["why"]) == ("person_suspended", "Sold followers.")
    restore(means, "login", person_id)
    assert actions.sign_in(means, email="ines@example.org", password=PASSWORD).id == person_id


def test_the_last_operator_is_not_suspended(means):
    first = a_person(means, "olga@example.org", is_operator=True)
    assert refusals_of(suspend, means, "login", first.id) == [(None, "last_operator")]
    second = a_person(means, "otto@example.org", is_operator=True)
    suspend(means, "login", first.id)
    assert refusals_of(suspend, means, "login", second.id) == [(None, "last_operator")]


def test_a_suspended_creator_is_as_good_as_gone_and_nothing_is_lost(means, accounts):
    creator = Creator.objects.get(id=accounts["creator"])
    post = a_post(means, creator)
    suspend(means, "creator", creator.id)
    (change,) = Change.objects.filter(kind="creator_stopped")
    assert change.object_id == creator.id
    assert not find_posts([post.id])[post.id].is_live
    assert refusals_of(actions.update_creator, means, OLGA, creator_id=creator.id, bio="x") == [
        ("creator_id", "creator_suspended")
    ]
    restore(means, "creator", creator.id)
    assert Change.objects.order_by("-version").first().kind == "creator_changed"
    assert find_posts([post.id])[post.id].is_live


def test_an_advertiser_that_is_suspended_stops_and_goes_on(means, accounts):
    brand = accounts["advertiser"]
    suspend(means, "advertiser", brand)
    assert Advertiser.objects.get(id=brand).status == "STATUS_LIMIT"
    restore(means, "advertiser", brand)
    assert Advertiser.objects.get(id=brand).status == "STATUS_ENABLE"
    kinds = Change.objects.filter(object_id=brand).order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["advertiser_stopped", "advertiser_changed"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_suspension_outlives_a_restore_and_so_does_its_end(means, accounts, subject):
    account_id = accounts[subject]
    before = len(read_stops(settings.HOUSE.folder / FILE))
    suspend(means, subject, account_id)
    restore(means, subject, account_id)
    told = read_stops(settings.HOUSE.folder / FILE)[before:]
    assert [(one.kind, one.id, one.body) for one in told] == [
        ("account_suspended", account_id, {"subject": subject}),
        ("account_restored", account_id, {"subject": subject}),
    ]
    assert stop_again(means, settings.HOUSE, told[:1]) == {"account_suspended": 1}
    assert queries.find_account(subject, account_id).state == "suspended"
    assert stop_again(means, settings.HOUSE, told[1:]) == {"account_restored": 1}
    assert queries.find_account(subject, account_id).strikes == 1
    assert stop_again(means, settings.HOUSE, [Stop(1, "account_suspended", 5, {"subject": subject})]) == {"absent": 1}


def test_accounts_are_found_by_their_names_part_by_part(means):
    for handle in ("lea.peau", "noe.mange", "lea.voyage"):
        a_creator(means, handle)
    first = queries.page_accounts("creator", keyword="@LEA", limit=1)
    assert [one.name for one in first.items] == ["@lea.voyage"]
    rest = queries.page_accounts("creator", keyword="@LEA", limit=1, after=first.after)
    assert ([one.name for one in rest.items], rest.after) == (["@lea.peau"], None)
    assert queries.page_accounts("login", keyword="\0").items == []
    assert Person.objects.count() == 0
