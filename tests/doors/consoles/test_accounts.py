"""The operator's accounts: whom one suspends is out at once, told why, and back as before once restored."""

from __future__ import annotations

import pytest

from attise.management.accounts import queries

pytestmark = pytest.mark.django_db
ACCOUNTS = "/operateur/comptes"


def decide(operator, subject, subject_id, **given):
    return operator.post(f"{ACCOUNTS}/{subject}/{subject_id}/decision", given)


def test_accounts_are_listed_by_sort_and_found(operator, town):
    page = operator.get(ACCOUNTS).content.decode()
    assert f"@{queries.find_creator_of_person(town.lea.id).handle}" in page
    assert town.advertiser.name in operator.get(f"{ACCOUNTS}?sorte=advertiser").content.decode()
    assert "ines@example.org" in operator.get(f"{ACCOUNTS}?sorte=login&q=ines").content.decode()
    assert "Nobody found" in operator.get(f"{ACCOUNTS}?q=nobody").content.decode()
    assert operator.get(f"{ACCOUNTS}?sorte=castle").status_code == 404
    assert operator.get(f"{ACCOUNTS}/castle/1").status_code == 404
    assert operator.get(f"{ACCOUNTS}/creator/1").status_code == 404


def test_a_suspended_login_is_signed_out_and_back_once_restored(operator, advertiser, town):
    assert advertiser.get("/ads/").status_code == 200
    decide(operator, "login", town.ines.id, act="suspend", reason="Stolen card.", strike="on")
    answer = advertiser.get("/ads/")
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/connexion")
    page = operator.get(f"{ACCOUNTS}/login/{town.ines.id}").content.decode()
    assert "Stolen card." in page
    assert "1 strike" in page
    decide(operator, "login", town.ines.id, act="restore", reason="It was not them.")
    assert advertiser.get("/ads/").status_code == 200


def test_a_suspended_creator_is_told_why_where_they_publish(operator, creator, town):
    account = queries.find_creator_of_person(town.lea.id)
    assert creator.get("/creation/").status_code == 200
    decide(operator, "creator", account.id, act="suspend", reason="Sold followers.")
    answer = creator.get("/creation/")
    assert answer.status_code == 409
    assert "Sold followers." in answer.content.decode()
    assert creator.get("/").status_code == 200
    decide(operator, "creator", account.id, act="restore", reason="Settled.")
    assert creator.get("/creation/").status_code == 200


def test_members_of_a_suspended_advertiser_read_why_on_every_page(operator, advertiser, town):
    decide(operator, "advertiser", town.advertiser.id, act="suspend", reason="Unpaid.")
    assert "no ad of it is shown. Unpaid." in advertiser.get("/ads/campagnes").content.decode()
    decide(operator, "advertiser", town.advertiser.id, act="restore", reason="Paid.")
    assert "Unpaid." not in advertiser.get("/ads/campagnes").content.decode()


def test_a_reason_is_asked_for_and_what_is_so_already_is_said(operator, town):
    answer = decide(operator, "advertiser", town.advertiser.id, act="suspend", reason=" ")
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    answer = decide(operator, "advertiser", town.advertiser.id, act="restore", reason="Why")
    assert answer.status_code == 409
    assert "not suspended" in answer.content.decode()
    answer = decide(operator, "login", town.olga.id, act="suspend", reason="Me.")
    assert answer.status_code == 409
    assert "last operator" in answer.content.decode()
