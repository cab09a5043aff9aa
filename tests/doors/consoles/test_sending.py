"""The publish page's script sends a video piece by piece, for its creator alone; the form then names it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.posts.models import Post, Upload
from tests.browser.town import a_clip, forget_files, session_of

pytestmark = pytest.mark.django_db(transaction=True)
TUS = {"Tus-Resumable": "1.0.0"}
AT = "/creation/publier/envois"
WORDS = {"caption": "Pâtes", "visibility": "public", "format": "video"}


@pytest.fixture(autouse=True)
def no_files():
    forget_files()
    yield
    forget_files()


def send(client, at, offset, body, **more):
    given = {**TUS, "Upload-Offset": str(offset), **more}
    return client.patch(at, body, content_type="application/offset+octet-stream", headers=given)


@pytest.fixture
def begin(creator):
    return lambda size: creator.post(AT, headers={**TUS, "Upload-Length": str(size)}).headers["Location"]


def test_a_video_in_pieces_is_published_by_the_form_that_names_it(town, creator, begin):
    data = a_clip().read_bytes()
    at = begin(len(data))
    assert send(creator, at, 0, data[:5_000]).headers["Upload-Offset"] == "5000"
    form = {**WORDS, "upload_id": at.rsplit("/", 1)[1]}
    early = creator.post("/creation/publier", form)
    assert early.status_code == 409
    assert f"5000 of {len(data)} bytes" in early.content.decode()
    assert creator.head(at, headers=TUS).headers["Upload-Offset"] == "5000"
    assert send(creator, at, 5_000, data[5_000:]).status_code == 204
    refused = creator.post("/creation/publier", {**form, "tags": "a b@d"})
    assert refused.status_code == 422
    assert f'name="upload_id" value="{form["upload_id"]}"' in refused.content.decode()
    creator.post("/creation/publier", form)
    again = creator.post("/creation/publier", form)
    assert (Post.objects.count(), Upload.objects.count(), again.status_code) == (1, 0, 422)


def test_it_is_nobody_elses(town, begin, signed_in):
    at = begin(5)
    person = town.a_person("noe@example.org", "Noé")
    accounts.create_creator(town.means, COMMAND, handle="noe", display_name="Noé", country="FR", person_id=person.id)
    noe = signed_in(person)
    assert noe.head(at, headers=TUS).status_code == send(noe, at, 0, b"a").status_code == 404
    assert noe.delete(at, headers=TUS).status_code == 404
    assert noe.post("/creation/publier", {**WORDS, "upload_id": at.rsplit("/", 1)[1]}).status_code == 422
    assert Upload.objects.count() == 1


def test_another_site_cannot_send_in_a_creators_name(town):
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(town.lea.id)
    assert client.post(AT, headers={**TUS, "Upload-Length": "5"}).status_code == 403
    assert not Upload.objects.exists()
