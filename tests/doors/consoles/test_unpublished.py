"""A creator has a video looked over before publishing it, with and without scripts."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.posts import actions
from attise.management.posts.models import Post, Unpublished
from tests.browser.town import a_clip, forget_files

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"caption": "Pâtes au citron", "tags": "a b@d", "visibility": "private", "format": "video", "allow_duet": "on"}


@pytest.fixture(autouse=True)
def no_files():
    forget_files()
    yield
    forget_files()


@pytest.fixture
def place(creator) -> str:
    """Where a video waits that was sent for advice, with words that would be refused."""
    file = SimpleUploadedFile("clip.mp4", a_clip().read_bytes())
    return creator.post("/creation/publier", {**WORDS, "file": file, "act": "conseils"}).headers["Location"]


def test_words_are_kept_as_typed_and_the_advice_comes(town, creator, means, place):
    assert not Post.objects.exists()
    page = creator.get(place).content.decode()
    assert f'hx-get="{place}/conseils"' in page
    for one in ("Pâtes au citron", "a b@d", 'value="private" id="visibility_private" checked', "Not published yet"):
        assert one in page
    assert creator.get(f"{place}/conseils").status_code == 204
    assert actions.look_over_pending(means, settings.HOUSE) == 1
    assert "Ready for Spark Ads" in creator.get(f"{place}/conseils").content.decode()
    creator.post(place, {**WORDS, "caption": "Mes pâtes. Et toi ?", "act": "conseils"})
    page = creator.get(place).content.decode()
    assert "Mes pâtes. Et toi ?" in page
    assert f'<a href="{place}">' in creator.get("/creation/publier").content.decode()


def test_what_no_store_keeps_is_left_out_of_what_was_typed(town, creator, place):
    assert creator.post(place, {**WORDS, "caption": "a\x00b", "act": "conseils"}).status_code == 302
    assert Unpublished.objects.get().typed["caption"] == "ab"
    assert "ab" in creator.get(place).content.decode()


def test_whatever_is_advised_it_is_published_once(town, creator, place):
    refused = creator.post(place, WORDS)
    assert refused.status_code == 422
    assert 'href="#id_tags"' in refused.content.decode()
    sent = creator.post(place, {**WORDS, "tags": "a"})
    post = Post.objects.get()
    assert (sent.headers["Location"], post.visibility) == (f"/creation/publications/{post.id}", "private")
    again = creator.post(place, {**WORDS, "tags": "a"}, follow=True)
    assert "This video does not wait any more" in again.content.decode()
    assert Post.objects.count() == 1


def test_it_is_nobody_elses_and_may_be_let_go_of(town, creator, signed_in, place):
    person = town.a_person("noe@example.org", "Noé")
    accounts.create_creator(town.means, COMMAND, handle="noe", display_name="Noé", country="FR", person_id=person.id)
    noe = signed_in(person)
    assert noe.get(f"{place}/conseils").status_code == 404
    assert noe.post(place, {**WORDS, "tags": "a"}).headers["Location"] == "/creation/publications"
    assert Unpublished.objects.count() == 1
    creator.post(place, {"act": "jeter"})
    assert not Unpublished.objects.exists()


def test_what_has_no_advice_says_so(town, creator):
    files = [SimpleUploadedFile(f"{name}.jpg", b"x") for name in "ab"]
    page = creator.post("/creation/publier", {**WORDS, "file": files, "act": "conseils"})
    assert page.status_code == 422
    assert "Send one video: pictures have no advice." in page.content.decode()
    text = SimpleUploadedFile("film.mp4", b"#EXTM3U")
    page = creator.post("/creation/publier", {**WORDS, "file": text, "act": "conseils"})
    assert (page.status_code, 'href="#file"' in page.content.decode()) == (415, True)
    assert not Unpublished.objects.exists()
