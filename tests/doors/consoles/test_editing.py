"""The creative tool on the page of a video that waits: by its fields alone, and for its creator alone."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.posts import actions
from attise.management.posts.models import Post, Unpublished
from attise.management.posts.queries import get_post
from tests.browser.town import a_clip, forget_files

pytestmark = pytest.mark.django_db(transaction=True)
EDITS = {
    "from_s": "0.5",
    "to_s": "1.8",
    "cover_s": "1",
    "text_1": "Deux oeufs\r\net du sel",
    "text_1_from": "0.6",
    "text_1_place": "bottom",
    "text_1_size": "large",
    "sound": "marche",
    "sound_percent": "40",
    "own_percent": "0",
}


@pytest.fixture(autouse=True)
def no_files():
    forget_files()
    yield
    forget_files()


@pytest.fixture
def place(creator) -> str:
    file = SimpleUploadedFile("clip.mp4", a_clip().read_bytes())
    return creator.post("/creation/publier", {"caption": "Pâtes", "file": file, "act": "conseils"}).headers["Location"]


def test_fields_alone_edit_a_video_which_is_made_shown_and_published(town, creator, means, place):
    assert creator.post(f"{place}/montage", EDITS).headers["Location"] == place
    kept = Unpublished.objects.get().edits
    text = {"text": "Deux oeufs\net du sel", "from_ms": 600, "to_ms": 1_800, "place": "bottom", "size": "large"}
    assert kept == {
        "from_ms": 500,
        "to_ms": 1_800,
        "cover_ms": 1_000,
        "texts": [text],
        "sound": "marche",
        "sound_percent": 40,
        "own_percent": 0,
    }
    page = creator.get(place).content.decode()
    assert f'hx-get="{place}/montage"' in page
    for one in ('value="0.5"', 'value="1.8"', "Deux oeufs\net du sel", 'value="marche" checked'):
        assert one in page
    assert creator.get(f"{place}/montage").status_code == 204
    assert actions.render_pending(means, settings.HOUSE) == 1
    part = creator.get(f"{place}/montage").content.decode()
    assert "With your edits: this is what is published." in part
    assert "hx-get" not in part
    creator.post(place, {"caption": "Pâtes", "visibility": "public", "format": "video"})
    post = get_post(Post.objects.get().id)
    assert (post.state, post.sound, abs(post.media.duration_ms - 1_300) <= 34) == ("live", "Marché – Attise", True)


def test_what_is_wrong_stands_beside_its_field_and_keeps_the_rest(town, creator, place):
    wrong = {**EDITS, "from_s": "1.5", "cover_s": "x", "sound": "marche", "text_1": "Miam 😀"}
    page = creator.post(f"{place}/montage", wrong)
    assert page.status_code == 422
    assert 'href="#id_cover_s"' in page.content.decode()
    page = creator.post(f"{place}/montage", {**wrong, "cover_s": ""})
    told = page.content.decode()
    assert page.status_code == 422
    for one in (
        'id="id_to_s_error"',
        'id="id_text_1_error"',
        "😀",
        "at least 1 s are needed",
        "Pâtes",
        'value="marche" checked',
    ):
        assert one in told
    assert Unpublished.objects.get().edits is None


def test_the_video_as_it_was_sent_comes_back(town, creator, place):
    creator.post(f"{place}/montage", EDITS)
    creator.post(f"{place}/montage", {**EDITS, "from_s": "x", "act": "original"})
    assert Unpublished.objects.get().edits is None
    assert "Back to the video as sent" not in creator.get(place).content.decode()


def test_it_is_nobody_elses(town, creator, signed_in, place):
    person = town.a_person("noe@example.org", "Noé")
    accounts.create_creator(town.means, COMMAND, handle="noe", display_name="Noé", country="FR", person_id=person.id)
    noe = signed_in(person)
    assert noe.get(f"{place}/montage").status_code == noe.post(f"{place}/montage", EDITS).status_code == 404
    assert Unpublished.objects.get().edits is None


def test_a_cover_is_chosen_from_a_strip_of_pictures_that_are_nobody_elses(town, creator, signed_in, place):
    page = creator.get(place).content.decode()
    moments = re.findall(r'name="cover_at" value="([\d.]+)"', page)
    assert moments == ["0.125", "0.375", "0.625", "0.875", "1.125", "1.375", "1.625", "1.875"]
    strangers = signed_in(town.a_person("noe@example.org", "Noé"))
    for number, status in ((0, 302), (7, 302), (8, 404), (99, 404)):
        answer = creator.get(f"{place}/couverture/{number}")
        assert answer.status_code == status
        assert status == 404 or answer.headers["Location"].startswith("/media/")
        assert strangers.get(f"{place}/couverture/{number}").status_code == 403
    creator.post(f"{place}/montage", {"cover_at": "0.625", "cover_s": ""})
    assert Unpublished.objects.get().edits["cover_ms"] == 625
    page = creator.get(place).content.decode()
    assert 'value="0.625" checked' in page
    creator.post(f"{place}/montage", {"cover_at": "own", "cover_s": "1"})
    assert 'name="cover_at" value="own" checked' in creator.get(place).content.decode()
    creator.post(f"{place}/montage", {"cover_at": "", "cover_s": "", "to_s": "1.5"})
    assert Unpublished.objects.get().edits["cover_ms"] is None


@pytest.mark.parametrize(("at", "written"), [("x", ""), ("-1", ""), ("99999", ""), ("", "1"), ("9" * 30, "")])
def test_a_cover_that_says_two_things_or_none_is_refused(creator, place, at, written):
    answer = creator.post(f"{place}/montage", {"cover_at": at, "cover_s": written})
    assert answer.status_code == 422
    assert 'href="#id_cover_' in answer.content.decode()
    assert Unpublished.objects.get().edits is None


def test_sounds_are_listened_to_by_anybody(client):
    told = client.get("/sons/neon.wav")
    assert (told.status_code, told.headers["Content-Type"], told.content[:4]) == (200, "audio/wav", b"RIFF")
    assert client.get("/sons/none.wav").status_code == 404
