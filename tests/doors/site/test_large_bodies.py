"""A large body is read for nobody but whoever may send one."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from attise.kernel.limits import BODY_BYTES
from attise.management.accounts.actions import create_person

pytestmark = pytest.mark.django_db

MULTIPART = "multipart/form-data; boundary=x"
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'


class Untouched(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        raise AssertionError("the body was read")


@pytest.fixture
def client() -> Client:
    made = Client(enforce_csrf_checks=True)
    made.cookies["attise-csrf"] = "a" * 32
    return made


def send(client: Client, path: str, body: io.IOBase, size: int):
    more = {"wsgi.input": body, "CONTENT_LENGTH": str(size)}
    return client.generic("POST", path, HEAD, content_type=MULTIPART, **more)


@pytest.mark.parametrize("path", ["/creation/publier", "/connexion", "/creation/publier/", "/nowhere"])
def test_a_strangers_large_body_is_not_read(client, path):
    response = send(client, path, Untouched(), BODY_BYTES + 1)
    assert (response.status_code, response.headers["Location"]) == (302, "/connexion")


def test_a_strangers_short_body_is_a_form_like_any_other(client):
    assert send(client, "/connexion", io.BytesIO(HEAD), len(HEAD)).status_code == 403


def test_whoever_is_signed_in_is_heard(client, means):
    person = create_person(means, email="ana@example.org", display_name="Ana")
    client.force_login(get_user_model().objects.get(id=person.id))
    with pytest.raises(AssertionError, match="the body was read"):
        send(client, "/creation/publier", Untouched(), BODY_BYTES + 1)


@pytest.mark.parametrize("path", ["/v1/posts", "/open_api/v1.3/file/video/ad/upload/"])
def test_the_apis_ask_for_their_credential_first(client, path):
    assert send(client, path, Untouched(), BODY_BYTES + 1).status_code in {200, 401}
