"""The operator's side: accounts opened, keys made and revoked, histories verified."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import re

import pytest
from django.conf import settings
from django.db import connection
from msgspec.structs import replace

from attise.doors.consoles.operator import home, journal
from attise.doors.site import context
from attise.doors.site.life import Life
from attise.kernel.actor import Actor
from attise.kernel.cells import safe
from attise.kernel.clock import to_datetime
from attise.kernel.house import Mode
from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.management.accounts import actions, queries
from attise.management.accounts.models import Person
from attise.management.campaigns import actions as campaigns
from attise.management.outbox import queries as outbox
from attise.management.viewers.queries import find_viewer_of_person
from tests.campaigns import a_campaign
from tests.losing import losing

pytestmark = pytest.mark.django_db
PEOPLE = "/operateur/personnes"


def lines(page: str) -> list[str]:
    """Return the entries of a page's list of what happened, without their marks."""
    told = re.search(r'<ul class="lines">(.*?)</ul>', page, re.DOTALL)[1]
    return [re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<li>(.*?)</li>", told, re.DOTALL)]


def rows(page: str) -> list[str]:
    """Return the rows of the table of people, without their marks."""
    body = re.search(r"<tbody[^>]*>(.*?)</tbody>", page, re.DOTALL)[1]
    plain = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)]
    return [" ".join(row.split()) for row in plain]


@pytest.mark.usefixtures("town")
def test_an_example_says_on_its_pages_that_it_is_one_and_how_far_its_life_is(operator, means, monkeypatch):
    page = operator.get("/operateur/").content.decode()
    assert 'id="life"' not in page, "nobody is simulated in any other house"
    monkeypatch.setattr(settings.HOUSE, "mode", Mode.DEMO)
    now_ms = means.clock.wire_ms()
    life = Life(
        seed=3,
        days=1.0,
        begin_ms=now_ms - DAY_MS,
        phase="behind",
        until_ms=now_ms + DAY_MS,
        now_ms=now_ms + DAY_MS // 2,
        at_ms=now_ms,
        speed=60.0,
        reached=812.3,
        impressions=4_000,
        paid=500,
    )
    told = {}
    for name, one in (
        ("behind", life),
        ("on", replace(life, phase="on")),
        ("still", replace(life, phase="on", at_ms=now_ms - MINUTE_MS)),
    ):
        monkeypatch.setattr(home, "read_life", lambda _folder, one=one: one)
        monkeypatch.setattr(context, "read_life", lambda _folder, one=one: one)
        told[name] = operator.get("/operateur/").content.decode()
    assert all(">Demo · day 2<" in page for page in told.values())
    assert all(
        words in told["behind"] for words in ("Catching up", "50 % of the days", "4,000", "12 % paid", "812 times")
    )
    assert "Goes on" in told["on"]
    assert "(asked for: 60)" in told["on"]
    assert "hx-trigger" in told["on"]
    assert "Stands still" in told["still"]
    assert "hx-trigger" not in told["still"][told["still"].index('id="life"') :].split("</section>")[0]


def test_everybody_is_listed_with_what_they_hold_and_their_last_link(town, operator):
    shown = rows(operator.get(PEOPLE).content.decode())
    assert len(shown) == 3
    olga, ines, lea = shown
    assert "Olga Petit olga@example.org Operator None" in olga
    assert "Inès Roy ines@example.org Ads Manager Maison Aubrée · Administrator None" in ines
    assert "Léa Peau lea@example.org Creator tools @lea.peau None" in lea
    page = operator.post(f"{PEOPLE}/{town.lea.id}/lien", {"kind": "creator"}, follow=True).content.decode()
    link = re.search(r'value="http://testserver(/connexion/lien/[^"]+)"', page)[1]
    assert "Sign-in link just now · not used yet" in rows(page)[2]
    assert operator.post(link).headers["Location"] == "/creation/"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("q=PEAU", ["Léa"]),
        ("q=%40lea.p", ["Léa"]),
        ("q=ines@", ["Inès"]),
        ("console=operator", ["Olga"]),
        ("console=creator", ["Léa"]),
        ("console=advertiser", ["Inès"]),
        ("console=castle", ["Olga", "Inès", "Léa"]),
        ("page=x", ["Olga", "Inès", "Léa"]),
    ],
)
def test_the_list_is_searched_and_narrowed_by_its_address(town, operator, asked, names):
    page = operator.get(f"{PEOPLE}?{asked}").content.decode()
    assert [re.sub(r"^[A-Z]{2} ", "", row).split()[0] for row in rows(page)] == names


@pytest.mark.parametrize("asked", ["q=nobody", "q=%00", "q=a&console=creator&page=7", "page=77"])
def test_a_search_that_finds_nobody_leads_back(town, operator, asked):
    page = operator.get(f"{PEOPLE}?{asked}")
    assert page.status_code == 200
    assert "Nobody found" in page.content.decode()
    assert "See everybody" in page.content.decode()


def test_pages_keep_what_was_searched(town, operator):
    for number in range(101):
        town.means.clock.advance(seconds=1)
        actions.create_person(town.means, email=f"p{number}@example.org", display_name=f"Zed {number}")
    first = operator.get(f"{PEOPLE}?q=zed").content.decode()
    assert "1 to 50 of 101" in first
    following = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    second = operator.get(following).content.decode()
    assert "51 to 100 of 101" in second
    assert not set(rows(first)) & set(rows(second))
    assert "p0@example.org" in rows(operator.get(f"{PEOPLE}?q=zed&page=3").content.decode())[0]


def test_a_closed_account_is_said_and_given_no_link(town, operator):
    Person.objects.filter(id=town.lea.id).update(is_active=False)
    page = operator.get(f"{PEOPLE}?q=lea").content.decode()
    assert "Suspended" in rows(page)[0]
    assert f"{PEOPLE}/{town.lea.id}/lien" not in page


# ---- the list as a file


def read(answer, delimiter: str) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_the_list_leaves_as_a_file_that_says_what_the_page_says(town, operator):
    actions.sign_in_link(town.means, person_id=town.lea.id, console="viewer")
    answer = operator.post(f"{PEOPLE}/exporter", {"format": "intl"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="attise-people-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"]
    )
    head, *people = read(answer, ",")
    assert head[:4] == ["Name", "Email", "Creator handle", "Consoles"]
    assert [row[0] for row in people] == ["Olga Petit", "Inès Roy", "Léa Peau"]
    assert people[1][4] == "Maison Aubrée (Administrator)"
    assert people[2][2:4] == ["lea.peau", "Home, Creator tools"]
    assert people[2][6:] == ["Sign-in link", people[2][7], "not used yet"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", people[2][7])
    assert "The list of people was exported." in operator.get("/operateur/journal").content.decode()


def test_a_file_keeps_to_the_search_and_to_the_language_of_its_page(town, signed_in):
    answer = signed_in(town.olga, language="fr").post(f"{PEOPLE}/exporter", {"format": "fr", "q": "peau"})
    assert "attise-personnes-" in answer.headers["Content-Disposition"]
    head, *people = read(answer, ";")
    assert (head[0], people[0][3]) == ("Nom", "Accueil, Outils pour les créateurs")
    assert len(people) == 1


def test_no_name_becomes_a_formula(town, operator):
    names = ['=HYPERLINK("http://x";"y")', "+33 1", "-2+3", "@SUM(A1)", "＝1+1", "fine; =no", 'say "hi", you']
    for number, name in enumerate(names):
        town.means.clock.advance(seconds=1)
        actions.create_person(town.means, email=f"=x{number}@example.org", display_name=name)
    for form, delimiter in (("fr", ";"), ("intl", ",")):
        _, *people = read(operator.post(f"{PEOPLE}/exporter", {"format": form, "q": "@example"}), delimiter)
        assert [row[0] for row in reversed(people)][-7:] == [
            *(f"'{name}" for name in names[:5]), *names[5:],
        ]  # fmt: skip
        assert all(row[1].startswith("'=x") for row in people[:7])
    raw = b"".join(operator.post(f"{PEOPLE}/exporter", {"format": "castle"}).streaming_content).decode()
    assert raw.startswith('\ufeff"Name","Email"'), "an unknown format is the international one, every cell in quotes"


@pytest.mark.parametrize("cell", ["", " ", "a=b", "1-2", "l'été"])
def test_a_cell_that_computes_nothing_stays_as_it_is(cell):
    assert safe(cell) == cell


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
    assert re.search(r'<dialog[^>]* id="open-account"[^>]* open>', answer.content.decode()), "the form is given back"
    assert queries.find_person_by_email("mara@example.org") is None


def test_a_key_is_shown_once_and_stops_when_it_is_revoked(town, operator):
    page = operator.post("/operateur/cles", {"name": "Billing"}, follow=True).content.decode()
    text = re.search(r"ahk_[0-9a-f]{40}", page)[0]
    assert text not in operator.get("/operateur/cles").content.decode()
    key = queries.find_host_key(text)
    operator.post(f"/operateur/cles/{key.id}/revoquer")
    assert queries.find_host_key(text) is None
    assert "1 revoked key" in operator.get("/operateur/cles").content.decode()
    told = [row.partition(" Who ")[0] for row in rows(operator.get("/operateur/journal").content.decode())]
    assert told[0].startswith("Key revoked The host key “Billing” was revoked.")
    assert told[1].startswith("Key made The host key “Billing” was made.")
    assert "Olga Petit" in told[0]


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


# The journal ----------------------------------------------------------------------------------------------------------
JOURNAL = "/operateur/journal"


def told(operator, query=""):
    """Return the rows of the journal, without their marks; none where nothing matches."""
    page = operator.get(f"{JOURNAL}?{query}").content.decode()
    return rows(page) if "<tbody" in page else []


def test_the_journal_says_who_did_what_to_what_and_when(town, operator):
    made = a_campaign(town.means, town.advertiser.id, "Automne")
    campaigns.update_campaign(
        town.means, Actor("person", town.ines.id), advertiser_id=town.advertiser.id, campaign_id=made.id, name="Hiver"
    )
    town.applied(town.a_code())
    assert told(operator)[0].startswith("Code applied Authorization · @lea.peau · Maison Aubrée")
    assert told(operator)[1].startswith("Code generated Authorization · @lea.peau All")
    first = told(operator, "objet=campaign")[0]
    assert first.startswith("Changed Name Automne → becomes Hiver Campaign · Hiver")
    assert "Inès Roy" in first


def test_the_journal_is_narrowed_by_its_address(town, operator):
    made = a_campaign(town.means, town.advertiser.id, "Automne")
    by_ines = Actor("person", town.ines.id)
    call = {"advertiser_id": town.advertiser.id, "campaign_ids": [made.id]}
    campaigns.switch_campaigns(town.means, by_ines, to="DISABLE", **call)
    town.means.clock.advance(seconds=2 * 86_400)
    campaigns.switch_campaigns(town.means, by_ines, to="ENABLE", **call)
    today = to_datetime(town.means.clock.world_ms()).date()
    yesterday = today - dt.timedelta(days=1)

    def acts(query):
        return [row.partition(" Campaign")[0] for row in told(operator, f"objet=campaign&{query}")]

    assert acts("") == ["Switched on", "Paused", "Created"]
    assert acts(f"acteur=person:{town.ines.id}") == acts("acteur=person") == ["Switched on", "Paused"]
    assert acts("acte=switched_off") == ["Paused"]
    assert acts("acte=issued") == acts(f"id={town.lea.id}") == []
    assert acts(f"du={yesterday}") == acts(f"du={today}&au={today}") == ["Switched on"]
    assert acts(f"au={yesterday}") == ["Paused", "Created"]
    assert len(acts("acteur=castle&acte=x&du=x&au=0000-00-00&id=x&apres=x")) == 3
    page = operator.get(f"{JOURNAL}?objet=campaign&acteur=person:{town.ines.id}").content.decode()
    assert "Inès Roy" in re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)[0]
    assert "No act has all that the filters ask." in operator.get(f"{JOURNAL}?acte=issued").content.decode()


def test_pages_of_the_journal_follow_each_other(town, operator):
    for number in range(60):
        a_campaign(town.means, town.advertiser.id, f"Campaign {number}")
    page = operator.get(f"{JOURNAL}?objet=campaign").content.decode()
    older = html.unescape(re.search(r'href="([^"]+)" rel="next"', page)[1])
    assert (len(rows(page)), len(rows(operator.get(older).content.decode()))) == (50, 10)


def test_the_journal_goes_into_a_file_as_it_is_narrowed_and_keeps_that_it_did(town, operator, monkeypatch):
    a_campaign(town.means, town.advertiser.id, "=1+1")
    answer = operator.post(f"{JOURNAL}/exporter", {"format": "intl", "objet": "campaign"})
    assert re.search(r"attise-journal-\d{4}-\d\d-\d\d\.csv", answer.headers["Content-Disposition"])
    head, act = read(answer, ",")
    assert head[:6] == ["When (UTC)", "Who", "What", "Object", "Name", "Id"]
    assert act[2:5] == ["Created", "Campaign", "'=1+1"]
    assert json.loads(act[8])["objective_type"] == "TRAFFIC"
    assert told(operator)[0].startswith("Journal exported The journal was exported.")
    monkeypatch.setattr(journal, "PART", 2)
    monkeypatch.setattr(journal, "MOST_ROWS", 4)
    whole = read(operator.post(f"{JOURNAL}/exporter", {"format": "intl"}), ",")
    assert (len(whole), whole[-1][0]) == (6, "The file ends here. Ask for older days in another one.")


def test_an_empty_queue_says_so(operator):
    assert "Nothing waits" in operator.get("/operateur/examen").content.decode()
    page = operator.get("/operateur/").content.decode()
    assert "No ad waits for a review, no post was reported, and nobody waits for a link." in page
