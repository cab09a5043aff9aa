"""An operator sees a login's consoles as its person does: read only whatever is tried, for a while, and told."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from attise.doors.site.looking import CLOSED, LOOK
from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal
from attise.kernel.limits import LOOK_MS
from attise.management.accounts import actions
from attise.management.accounts.models import Look, Person
from attise.management.outbox.models import Notice
from tests.browser.town import session_of
from tests.doors.consoles.addresses import BOTH, POSTS, methods_of, named

pytestmark = pytest.mark.django_db
WHY = "Ticket 42: their figures do not add up"
OWN = {"end_look", "sign_out"}
"""What is the operator's own while they look."""


@pytest.fixture
def brand_code(town) -> str:
    """Everything that a person may have, secrets among it."""
    code = town.a_code()
    town.applied(code)
    return code


def begin(client: Client, person: Person, reason: str = WHY):
    return client.post(f"/operateur/comptes/login/{person.id}/voir", {"look_reason": reason})


def told(answer) -> str:
    return answer.content.decode()


def test_an_operator_sees_what_the_person_sees_under_a_banner_and_comes_back(town, operator):
    page = told(operator.get(f"/operateur/comptes/login/{town.ines.id}"))
    assert "See their pages" in page
    assert begin(operator, town.ines).headers["Location"] == "/accueil"
    home = told(operator.get("/ads/"))
    assert "You see the pages of <b>Inès Roy</b>, read only, for 15 minutes more." in home
    assert town.advertiser.name in home
    assert operator.get("/operateur/").status_code == 403, "what is the operator's is not the person's"
    assert operator.get("/creation/").status_code == 403
    back = operator.post("/operateur/comptes/revenir")
    assert back.headers["Location"] == "/operateur/comptes?sorte=login"
    assert operator.get("/operateur/").status_code == 200
    assert operator.get("/ads/").status_code == 403
    assert "You see the pages" not in told(operator.get("/operateur/"))


def test_the_journal_has_both_ends_with_the_reason_and_the_person_reads_of_it(town, operator, advertiser):
    begin(operator, town.ines)
    operator.post("/operateur/comptes/revenir")
    rows = Notice.objects.filter(object_id=town.ines.id, kind__startswith="look_").order_by("id")
    assert [(row.kind, row.body["by"], row.body["note"]) for row in rows] == [
        ("look_begun", f"person:{town.olga.id}", WHY),
        ("look_ended", f"person:{town.olga.id}", WHY),
    ]
    journal = told(operator.get("/operateur/journal?objet=person"))
    assert "Look begun" in journal
    assert journal.count(WHY) == 2
    assert WHY in told(advertiser.get("/boite"))
    assert WHY in told(advertiser.get("/compte"))


def addresses() -> list[tuple[str, str, str]]:
    filled = {"house_id": 1234567890123456789, "str": "unknown", "slug": "audience", "int": 3}
    return [
        (name, address.format(**filled), method)
        for name, address in named().items()
        for method in ("post", "put", "patch", "delete")
        if name not in OWN or method != "post"
    ]


def test_every_method_that_is_no_reading_is_refused_at_every_address(town, operator):
    begin(operator, town.ines)
    before = Person.objects.get(id=town.ines.id).password
    tried = addresses()
    assert len({name for name, _, _ in tried}) == len(named())
    assert {name for name, _, method in tried if method == "post"} | OWN >= POSTS | BOTH
    for _name, address, method in tried:
        answer = getattr(operator, method)(address, {"display_name": "Mine", "what": "details"})
        assert answer.status_code == 403, (method, address)
        assert "nothing can be done there" in told(answer), (method, address)
    assert Person.objects.get(id=town.ines.id).password == before
    assert operator.session[LOOK]
    sent = operator.post("/creation/envois", headers={"Tus-Resumable": "1.0.0"})
    assert (sent.status_code, sent.json()["error"]["code"]) == (403, "look_only")
    assert operator.post("/nowhere").status_code == 403


def test_reading_any_page_writes_no_row_of_anybody(town, operator, brand_code):
    post, filled = town.a_post(), {"house_id": 1, "str": "unknown", "slug": "audience", "int": 0}
    written: list[str] = []

    def watch(execute, sql, params, many, context):
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql) and "django_session" not in sql:
            written.append(sql)
        return execute(sql, params, many, context)

    for person in (town.ines, town.lea):
        begin(operator, person)
        pages = [address.format(**filled) for name, address in named().items() if "get" in methods_of(name)]
        pages += [f"/ads/bibliotheque/{post.id}", f"/creation/publications/{post.id}", f"/@{town.creator.handle}"]
        for address in pages:
            with connection.execute_wrapper(watch):
                answer = operator.get(address)
            assert answer.status_code < 500, address
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert brand_code.encode() not in body, address
        assert written == []
        operator.post("/operateur/comptes/revenir")


@pytest.mark.django_db(transaction=True)
def test_what_a_page_would_write_while_it_is_read_is_refused(town, operator, monkeypatch):
    from attise.doors.consoles import frame

    begin(operator, town.ines)
    monkeypatch.setattr(frame, "consoles_of", lambda *_: Person.objects.filter(id=town.ines.id).update(password="x"))
    assert operator.get("/accueil").status_code == 403
    assert Person.objects.get(id=town.ines.id).password != "x"


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_a_whole_file_and_links_that_grant_something_are_closed(town, operator, name):
    begin(operator, town.ines)
    address = named()[name].format(house_id=1, str="unknown", slug="audience", int=0)
    assert operator.get(address).status_code == 403


def test_it_ends_by_itself_and_what_is_sent_then_is_nobodys(town, operator, clock, means):
    begin(operator, town.ines)
    clock.advance(seconds=LOOK_MS // 1000 + 1)
    before = Person.objects.get(id=town.olga.id).display_name
    late = operator.post("/compte", {"what": "details", "display_name": "Somebody"})
    assert late.headers["Location"] == "/operateur/comptes", "sent as the person, not done as the operator"
    assert Person.objects.get(id=town.olga.id).display_name == before
    assert operator.get("/operateur/").status_code == 200
    assert Look.objects.get().ended_at_ms is not None
    assert actions.end_due_looks(means) == 0


def test_one_that_nobody_comes_back_from_is_ended_by_the_clock(town, operator, clock, means):
    begin(operator, town.ines)
    assert actions.end_due_looks(means) == 0
    clock.advance(seconds=LOOK_MS // 1000 + 1)
    assert actions.end_due_looks(means) == 1
    ended = Notice.objects.get(kind="look_ended")
    assert (ended.body["by"], ended.body["note"]) == ("clock", WHY)


def test_a_cookie_that_was_kept_from_the_look_opens_nothing_after_it(town, operator):
    begin(operator, town.ines)
    kept = operator.cookies[settings.SESSION_COOKIE_NAME].value
    operator.post("/operateur/comptes/revenir")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get("/ads/").status_code == 302, "that session has another key by now"
    assert operator.cookies[settings.SESSION_COOKIE_NAME].value != kept


def test_a_form_of_another_tab_is_dead_once_the_look_is_over(town):
    tab = Client(enforce_csrf_checks=True)
    tab.cookies[settings.SESSION_COOKIE_NAME] = session_of(town.olga.id)

    def form(path: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', told(tab.get(path)))[1]

    mine = form(f"/operateur/comptes/login/{town.ines.id}")
    tab.post(f"/operateur/comptes/login/{town.ines.id}/voir", {"look_reason": WHY, "csrfmiddlewaretoken": mine})
    theirs = form("/compte")
    tab.post("/operateur/comptes/revenir", {"csrfmiddlewaretoken": form("/compte")})
    sent = tab.post("/compte", {"what": "details", "display_name": "Inès", "csrfmiddlewaretoken": theirs})
    assert sent.status_code == 403
    assert Person.objects.get(id=town.olga.id).display_name == "Olga Petit"


def test_looks_are_not_nested_nor_taken_over(town, operator, signed_in):
    begin(operator, town.ines)
    look = Look.objects.get()
    assert begin(operator, town.lea).status_code == 403
    assert Look.objects.count() == 1
    second = town.a_person("second@example.org", "Second")
    Person.objects.filter(id=second.id).update(is_operator=True)
    other = signed_in(second)
    other.get("/operateur/")
    session = other.session
    session[LOOK] = str(look.id)
    session.save()
    assert other.get("/ads/").headers["Location"] == "/operateur/comptes"
    assert other.get("/operateur/").status_code == 200
    for wrong in ("x", "", "1", "9" * 40):
        session = other.session
        session[LOOK] = wrong
        session.save()
        assert other.get("/ads/").headers["Location"] == "/operateur/comptes"


def test_an_operator_who_is_one_no_more_and_a_person_who_is_suspended_end_it(town, operator, means):
    begin(operator, town.ines)
    actions.suspend_account(means, COMMAND, subject="login", subject_id=town.ines.id, reason="Fraud")
    assert operator.get("/ads/").headers["Location"] == "/operateur/comptes"
    assert begin(operator, town.ines).status_code == 409
    begin(operator, town.lea)
    Person.objects.filter(id=town.olga.id).update(is_operator=False)
    assert operator.get("/creation/").headers["Location"] == "/operateur/comptes"
    assert operator.get("/creation/").status_code == 403


def test_signing_out_ends_it_and_signs_the_operator_out(town, operator):
    begin(operator, town.ines)
    operator.post("/deconnexion")
    assert Look.objects.get().ended_at_ms is not None
    assert operator.get("/ads/").status_code == operator.get("/operateur/").status_code == 302


def test_it_takes_a_reason_and_no_operator_is_looked_at(town, operator, advertiser, means):
    for wrong in ("", "  ", "a" * 501):
        answer = begin(operator, town.ines, wrong)
        assert answer.status_code == 422
        assert 'id="look-error"' in told(answer)
    assert begin(operator, town.olga).status_code == 409
    assert begin(advertiser, town.lea).status_code == 403
    assert operator.post("/operateur/comptes/login/1234567890123456789/voir").status_code == 404
    assert not Look.objects.exists()
    with pytest.raises(Refusal, match="not_found"):
        actions.begin_look(means, COMMAND, operator_id=town.ines.id, person_id=town.lea.id, reason=WHY)
