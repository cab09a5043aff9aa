"""The history of a grant cannot be rewritten: the database refuses, and verification finds what got past it."""

import pytest
from django.db import DatabaseError, connection, transaction

from attise.kernel.actor import Actor
from attise.management.authorizations import actions
from attise.management.authorizations.models import Authorization, HistoryEntry
from attise.management.authorizations.verify import first_broken_history
from tests.builders import a_creator, a_post, an_advertiser

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1, "192.0.2.0")


@pytest.fixture
def grant(means):
    post = a_post(means, a_creator(means))
    view, code = actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)
    actions.redeem(means, Actor("token", 8), advertiser_id=an_advertiser(means).id, code=code)
    actions.extend(means, HOST, creator_id=post.creator_id, authorization_id=view.id, days=7)
    return view


def lift_the_guard():
    """What someone with the database in their hands would do first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER authorizations_history_no_update")
            cursor.execute("DROP TRIGGER authorizations_history_no_delete")
        else:
            cursor.execute("DROP TRIGGER authorizations_history_no_change ON authorizations_historyentry")


def test_who_did_what_from_where_is_kept(grant):
    from attise.management.authorizations.queries import list_history

    entries = list_history(grant.id)
    assert [(entry.verb, entry.actor, entry.origin) for entry in entries] == [
        ("issued", "host:1", "192.0.2.0"),
        ("bound", "token:8", ""),
        ("extended", "host:1", "192.0.2.0"),
    ]
    assert first_broken_history() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE authorizations_historyentry SET actor = 'nobody'",
        "DELETE FROM authorizations_historyentry",
    ],
)
def test_the_database_refuses_to_rewrite_it(grant, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows.filter(number=2).update(actor="nobody"),
        lambda rows: rows.filter(number=1).update(body="{}"),
        lambda rows: rows.filter(number=2).delete(),
        lambda rows: rows.filter(number=3).delete(),
        lambda rows: rows.filter(number=3).update(number=4),
    ],
    ids=["changed", "emptied", "removed", "last removed", "moved"],
)
def test_verification_finds_what_got_past_the_guard(grant, edit):
    lift_the_guard()
    edit(HistoryEntry.objects.filter(authorization_id=grant.id))
    assert f"authorization {grant.id}" in first_broken_history()


def test_verification_finds_a_grant_whose_whole_history_is_gone(grant):
    lift_the_guard()
    HistoryEntry.objects.all().delete()
    assert Authorization.objects.get(id=grant.id).history_count == 3
    assert first_broken_history() is not None
