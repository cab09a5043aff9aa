"""*Ads and you*: consent is one press each way, what is known is told with where it comes from; all of it may go."""

import json

import pytest
from django.conf import settings
from django.test import Client

from attise.doors.consoles.viewer.watching import COOKIE
from attise.doors.site.commenting import comment
from attise.management.review.actions import report_comment
from attise.management.viewers.actions import update_viewer, viewer_of_person
from attise.management.viewers.models import Profile, Viewer
from attise.management.viewers.queries import find_viewer, get_viewer
from attise.measurement.counters.models import State
from attise.measurement.profiles import evidence
from attise.measurement.profiles.evidence import POST, Act, Deed
from tests.browser.town import session_of

pytestmark = pytest.mark.django_db
PAGE = "/parametres/publicites"
CONSENT, INTERESTS = f"{PAGE}/consentement", f"{PAGE}/interets"
EXPORT, FORGET = "/parametres/donnees/exporter", "/parametres/donnees/effacer"


@pytest.fixture
def viewer(town):
    return viewer_of_person(town.means, person_id=town.lea.id)


@pytest.fixture
def lea(town):
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(town.lea.id)
    return client


@pytest.fixture
def nobody():
    return Client(headers={"Accept-Language": "en"})


def guessed(viewer) -> None:
    """Somebody of whom games were derived."""
    known = evidence.with_acts({}, [Act(POST, 7, (1007,), Deed("like", 1_795_000_000_000, "x"))])
    row = Viewer.objects.get(id=viewer.id)
    row.interests_derived, row.behaviours = {"1007": 1_795_000_000_000}, [[200203, "LIKED", 20_770]]
    row.save()
    Profile.objects.create(viewer_id=viewer.id, evidence=evidence.encode(known))


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_whoever_is_signed_out_reaches_it_and_is_told_that_nothing_is_guessed(nobody):
    shown = nobody.get(PAGE)
    assert shown.status_code == 200
    assert "You are not signed in: nothing is guessed about you" in text_of(shown)
    assert "/connexion?suite=%2Fparametres%2Fpublicites" in text_of(shown)
    assert Viewer.objects.count() == 0, "nobody is made by looking"
    assert nobody.post(CONSENT, {"choix": "accepter"}).status_code == 302
    assert nobody.post(INTERESTS, {"choix": "choisir", "interet": "1007"}).url.startswith("/connexion")


def test_the_feed_leads_there(nobody, lea):
    for client in (nobody, lea):
        assert text_of(client.get("/")).count(f'href="{PAGE}"') == 2


def test_accepting_asks_for_a_date_of_birth_once_and_refusing_for_nothing(lea, viewer):
    refused = lea.post(CONSENT, {"choix": "accepter"})
    assert refused.status_code == 422
    assert 'id="birth_date_error"' in text_of(refused)
    assert lea.post(CONSENT, {"choix": "accepter", "birth_date": "1990-15-40"}).status_code == 422
    assert not get_viewer(viewer.id).profiling_consent
    assert lea.post(CONSENT, {"choix": "accepter", "birth_date": "1990-05-01"}).status_code == 302
    assert get_viewer(viewer.id).profiling_consent
    shown = text_of(lea.get(PAGE))
    assert "You accepted on" in shown
    assert 'name="birth_date"' not in shown
    guessed(viewer)
    assert lea.post(CONSENT, {"choix": "refuser"}).status_code == 302
    found = get_viewer(viewer.id)
    assert (found.profiling_consent, found.derived, found.behaviours) == (False, (), ())
    assert lea.post(CONSENT, {"choix": "accepter"}).status_code == 302, "the date is known now"


def test_a_minor_is_told_that_nothing_is_guessed_and_may_not_accept(lea, viewer):
    lea.post(CONSENT, {"choix": "accepter", "birth_date": "2012-01-01"})
    shown = text_of(lea.get(PAGE))
    assert "You are under 18: nothing is guessed about you" in shown
    assert 'value="accepter"' not in shown
    assert 'value="refuser"' in shown


def test_each_interest_says_where_it_comes_from_and_can_be_removed_and_allowed(lea, town, viewer):
    update_viewer(town.means, viewer_id=viewer.id, birth_date="1990-05-01", profiling_consent=True)
    guessed(viewer)
    lea.post(INTERESTS, {"choix": "choisir", "interet": "1011"})
    shown = text_of(lea.get(PAGE))
    assert "<b>Pets</b> <small>Chosen by you" in shown
    assert "<b>Games</b> <small>Guessed from what you do" in shown
    assert "Game videos <small>liked" in shown
    lea.post(INTERESTS, {"choix": "retirer", "interet": "1007"})
    shown = text_of(lea.get(PAGE))
    assert "Removed by you: never guessed" in shown
    assert "<b>Games</b>" not in shown
    assert "Game videos" not in shown
    lea.post(INTERESTS, {"choix": "permettre", "interet": "1007"})
    assert get_viewer(viewer.id).removed == ()
    assert lea.post(INTERESTS, {"choix": "choisir", "interet": "none such"}).status_code == 422
    lea.post(INTERESTS, {"choix": "nonsense", "interet": "1007"})
    assert [one.interest for one in get_viewer(viewer.id).chosen] == ["1011"]
    lea.post(INTERESTS, {"choix": "oublier"})
    assert get_viewer(viewer.id).chosen == ()


def test_the_file_tells_all_that_is_known_of_this_viewer(lea, town, viewer):
    update_viewer(town.means, viewer_id=viewer.id, birth_date="1990-05-01", profiling_consent=True)
    guessed(viewer)
    answer = lea.get(EXPORT)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="attise-my-data-')
    told = json.loads(answer.content)
    assert told["viewer"]["birth_date"] == "1990-05-01"
    assert told["consent"]["profiling"]
    assert [one["interest"] for one in told["interests"]["derived"]] == ["games"]
    assert told["derived_from"] == [
        {
            "kind": "post",
            "id": "7",
            "about": ["games"],
            "acts": [{"act": "like", "at": "2026-11-18T11:06:40Z", "stands": True}],
        }
    ]


def test_what_was_liked_and_said_is_in_the_file(lea, town, viewer):
    post = town.a_post()
    comment(town.means, settings.HOUSE, post_id=post.id, viewer_id=viewer.id, text="Lovely")
    pseudonym = Viewer.objects.get(id=viewer.id).pseudonym
    State.objects.create(person=pseudonym, kind="like", object_id=post.id, is_on=True, body=b"")
    State.objects.create(person="another", kind="like", object_id=post.id, is_on=True, body=b"")
    rude = town.a_comment(post, "Des mots qui blessent")
    report_comment(town.means, post_id=post.id, comment_id=rude.id, viewer_id=viewer.id)
    told = json.loads(lea.get(EXPORT).content)
    assert [one["comment_id"] for one in told["reported_comments"]] == [str(rude.id)]
    assert [one["text"] for one in told["comments"]] == ["Lovely"]
    assert told["states"] == [{"kind": "like", "object_id": str(post.id), "is_on": True}]


def test_nothing_is_known_of_a_browser_that_watched_nothing(nobody):
    assert json.loads(nobody.get(EXPORT).content) == {"viewer": None}
    assert "Nothing is kept about you" in text_of(nobody.get(PAGE))
    assert nobody.post(FORGET, {"sur": "oui"}).status_code == 302


def test_deleting_asks_to_be_sure_and_leaves_nothing(lea, viewer):
    refused = lea.post(FORGET, {})
    assert refused.status_code == 422
    assert 'id="sur_error"' in text_of(refused)
    assert find_viewer(viewer.id) is not None
    assert lea.post(FORGET, {"sur": "oui"}).status_code == 302
    assert find_viewer(viewer.id) is None
    assert lea.get("/compte").status_code == 200, "the login stays"


def test_an_anonymous_browser_is_forgotten_with_its_cookie(nobody):
    nobody.post("/fil/billet")
    assert Viewer.objects.count() == 1
    assert "Download my data" in text_of(nobody.get(PAGE))
    nobody.post(FORGET, {"sur": "oui"})
    assert Viewer.objects.count() == 0
    assert not nobody.cookies[COOKIE].value


def test_a_country_is_said_by_whoever_watches_and_taken_back(nobody, town):
    nobody.post(f"{PAGE}/pays", {"pays": "FR"})
    number = Viewer.objects.get().id
    assert get_viewer(number).country == "FR"
    assert '<option value="FR" selected>' in nobody.get(PAGE).content.decode()  # the browser was given its cookie
    refused = nobody.post(f"{PAGE}/pays", {"pays": "XX"})
    assert refused.status_code == 422
    assert "This country is not known." in text_of(refused)
    nobody.post(f"{PAGE}/pays", {"pays": ""})
    assert get_viewer(number).country == ""
    assert Viewer.objects.count() == 1


def test_another_country_lets_go_of_a_region_of_the_one_before(lea, viewer, town):
    update_viewer(town.means, viewer_id=viewer.id, region="FR-IDF")
    assert lea.post(f"{PAGE}/pays", {"pays": "BE"}).status_code == 302
    assert (get_viewer(viewer.id).country, get_viewer(viewer.id).region) == ("BE", "")
