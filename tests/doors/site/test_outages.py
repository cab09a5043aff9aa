"""A full disk or a locked database is told as what it is: a 503 with a wait, in the door's own shape."""

from __future__ import annotations

import errno
import json

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.files.uploadhandler import FileUploadHandler
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from attise.doors.site.sessions import SessionStore
from attise.kernel.logs import JsonLines
from attise.management.accounts.actions import make_host_key

pytestmark = pytest.mark.django_db

FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\nabc\r\n--x--\r\n'
MULTIPART = "multipart/form-data; boundary=x"


class FullDisk(FileUploadHandler):
    """Keeps a file on a disk that has no room."""

    def receive_data_chunk(self, raw_data, start):
        raise OSError(errno.ENOSPC, "No space left on device")

    def file_complete(self, file_size):
        return None


def remember(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = True
    return HttpResponse("seen")


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a bug")


urlpatterns = [path("remember", remember), path("fail", fail)]
handler500 = "attise.doors.site.failures.server_error"


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def full_disk(settings):
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.FullDisk"]


def locked(execute, sql, params, many, context):
    """Answer every write of a session as a locked database does."""
    if "django_session" in sql and not sql.startswith("SELECT"):
        raise OperationalError("database is locked")
    return execute(sql, params, many, context)


def test_a_page_says_that_the_disk_is_full(client, full_disk):
    client.cookies["attise-csrf"] = "a" * 32
    response = client.post("/connexion", FORM, content_type=MULTIPART)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Content-Type"].startswith("text/html")


def test_the_native_api_says_that_the_disk_is_full(client, full_disk, means):
    _, key = make_host_key(means, name="host")
    response = client.post("/v1/posts", FORM, content_type=MULTIPART, headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.json()["error"]["code"] == "unavailable"


@override_settings(ROOT_URLCONF=__name__)
def test_a_session_that_cannot_be_written_is_an_outage_not_the_browsers_fault(client):
    assert client.get("/remember").status_code == 200
    with connection.execute_wrapper(locked):
        response = client.get("/remember")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert client.get("/remember").status_code == 200


@override_settings(ROOT_URLCONF=__name__)
def test_a_session_deleted_meanwhile_is_still_told_apart(client):
    client.get("/remember")
    kept = SessionStore(client.cookies["attise"].value)
    kept.load()
    kept.delete()
    with pytest.raises(UpdateError):
        kept.save()


@override_settings(ROOT_URLCONF=__name__)
def test_the_log_has_the_reference_that_whoever_met_a_fault_is_told(client, caplog):
    response = client.get("/fail")
    assert response.status_code == 500
    told = [json.loads(JsonLines("site").format(record)) for record in caplog.records]
    (line,) = [one for one in told if "a bug" in one.get("error", "")]
    assert line["request_id"] == response.headers["X-Request-Id"]
