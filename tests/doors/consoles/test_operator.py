"""The operator's side: accounts opened, keys made and revoked, histories verified."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from attise.management.accounts import queries
from attise.management.outbox import queries as outbox
from attise.management.viewers.queries import find_viewer_of_person
from tests.losing import losing

pytestmark = pytest.mark.django_db


def test_an_account_is_opened_with_its_viewer_and_its_handle_and_begins_by_a_link(town, operator, signed_in):
    answer = operator.post(
        "/operateur/personnes/creer",
        {"display_name": "Mara", "email": "Mara@example.org", "handle": "@mara.cuisine"},
        follow=True,
    )
    link = re.search(r'value="(http://testserver/mot-de-passe/lien/[^"]+)"', answer.content.decode())[1]
    person = queries.find_person_by_email("mara@example.org")
    assert queries.find_creator_of_person(person.id).handle == "mara.cuisine"
    assert find_viewer_of_person(person.id) is not None
    client = signed_in(None)
    assert client.post(link, {"password": "a long enough one"}).headers["Location"] == "/creation/"


@pytest.mark.django_db(transaction=True)
def test_an_account_whose_opening_loses_to_another_transaction_is_opened_once(town, operator, clock):
    body = {"display_name": "Mara", "email": "mara@example.org", "handle": "mara"}
    with losing(clock, 2, table="accounts_link") as lost:
        answer = operator.post("/operateur/personnes/creer", body)
    assert (answer.status_code, len(lost.pauses)) == (302, 2)
    person = queries.find_person_by_email("mara@example.org")
    assert queries.find_creator_of_person(person.id).handle == "mara"
    made = [one for one in outbox.list_notices("operator", 0).items if one.kind == "person_made"]
    assert [one.object_id for one in made] == [person.id]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"email": "lea@example.org"}, 409),
        ({"email": "no address"}, 422),
        ({"handle": "lea.peau"}, 409),
        ({"handle": "Émile"}, 422),
        ({"display_name": ""}, 422),
    ],
)
def test_an_account_that_cannot_be_opened_is_not_half_opened(town, operator, given, status):
    body = {"display_name": "Mara", "email": "mara@example.org", "handle": "mara", **given}
    answer = operator.post("/operateur/personnes/creer", body)
    assert answer.status_code == status
    assert queries.find_person_by_email("mara@example.org") is None


def test_a_key_is_shown_once_and_stops_when_it_is_revoked(town, operator):
    page = operator.post("/operateur/cles", {"name": "Billing"}, follow=True).content.decode()
    text = re.search(r"ahk_[0-9a-f]{40}", page)[0]
    assert text not in operator.get("/operateur/cles").content.decode()
    key = queries.find_host_key(text)
    operator.post(f"/operateur/cles/{key.id}/revoquer")
    assert queries.find_host_key(text) is None
    assert "1 revoked key" in operator.get("/operateur/cles").content.decode()


def test_histories_that_were_tampered_with_are_found(town, operator):
    grant, _ = town.a_grant(town.a_post())
    assert "Every history is whole." in operator.post("/operateur/journal").content.decode()
    with connection.cursor() as cursor:  # what someone with the database in their hands would do
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER authorizations_history_no_update")
        else:
            cursor.execute("DROP TRIGGER authorizations_history_no_change ON authorizations_historyentry")
        cursor.execute("UPDATE authorizations_historyentry SET actor = 'nobody'")
    page = operator.post("/operateur/journal").content.decode()
    assert f"authorization {grant.id}" in page
    assert "Every history is whole." not in page
