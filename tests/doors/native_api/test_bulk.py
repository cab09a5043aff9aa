"""Many lines in, a verdict per line out: in order, honest, safe to send again."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import RequestFactory

from attise.doors.native_api import bulk_form
from attise.kernel.limits import BULK_ROWS
from attise.management.accounts.models import Creator
from attise.management.authorizations.models import Binding
from attise.management.idempotency.models import Key
from attise.management.posts.models import Post
from attise.management.viewers.models import Viewer
from tests.builders import a_creator, a_post, an_advertiser
from tests.doors.native_api.conftest import creator_of, errors_of, lines

pytestmark = pytest.mark.django_db
NDJSON = "application/x-ndjson"


def summary(verdicts):
    return [(one["line"], one["status"], one.get("error", {}).get("code")) for one in verdicts]


def test_each_line_has_its_verdict_in_order_and_a_bad_one_stops_no_other(host):
    rows = [
        {"handle": "one", "display_name": "One"},
        b"{not json",
        {"handle": "two"},
        {"handle": "one", "display_name": "Someone else"},
        {"handle": "x", "display_name": "Too short", "colour": 1},
        b"",
        [1],
        {"handle": "three", "display_name": "Three", "birth_date": "1999-02-30", "country": "ZZ"},
        {"handle": "four", "display_name": "Four"},
    ]
    verdicts = host.bulk("creators", rows)
    assert summary(verdicts) == [
        (1, "created", None),
        (2, "rejected", "bad_json"),
        (3, "rejected", "field_required"),
        (4, "rejected", "handle_taken"),
        (5, "rejected", "field_unknown"),
        (7, "rejected", "field_invalid"),
        (8, "rejected", verdicts[6]["error"]["code"]),
        (9, "created", None),
    ]
    assert {one["field"] for one in verdicts[6]["error"]["errors"]} == {"birth_date", "country"}
    assert set(Creator.objects.values_list("handle", flat=True)) == {"one", "four"}
    assert host.get(f"/v1/creators/{verdicts[0]['id']}").json()["handle"] == "one"


def test_the_same_body_again_makes_nothing_twice(host):
    rows = [
        {"handle": "one", "display_name": "One", "categories": ["sport"], "birth_date": "1999-01-30"},
        {"handle": "@Two", "display_name": " Two ", "key": "k2"},
    ]
    first, again = host.bulk("creators", rows), host.bulk("creators", rows)
    assert [one["status"] for one in first] == ["created", "created"]
    assert [one["status"] for one in again] == ["exists", "exists"]
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert Creator.objects.count() == 2


def test_a_key_is_of_its_line_and_a_changed_line_is_told_so(host):
    host.bulk("creators", [{"handle": "one", "display_name": "One", "key": "k"}])
    verdicts = host.bulk("creators", [{"handle": "two", "display_name": "Two", "key": "k"}])
    assert summary(verdicts) == [(1, "rejected", "idempotency_key_reused")]
    assert verdicts[0]["key"] == "k"
    rejected = host.bulk("creators", [{"handle": "x", "display_name": "X", "key": "free"}])
    assert rejected[0]["status"] == "rejected"
    assert host.bulk("creators", [{"handle": "good", "display_name": "X", "key": "free"}])[0]["status"] == "created"


def test_viewers_are_known_again_by_their_external_id(host):
    rows = [{"external_id": f"u{n}", "country": "FR"} for n in range(3)]
    assert [one["status"] for one in host.bulk("viewers", rows)] == ["created"] * 3
    rows[1]["country"] = "BE"
    verdicts = host.bulk("viewers", [*rows, {"language": "fr", "key": "anonymous"}, {"language": "fr"}])
    assert [one["status"] for one in verdicts] == ["exists", "changed", "exists", "created", "created"]
    assert host.bulk("viewers", [{"language": "fr", "key": "anonymous"}])[0]["status"] == "exists"
    assert Viewer.objects.count() == 5
    assert host.get(f"/v1/viewers/{verdicts[1]['id']}").json()["country"] == "BE"


def test_codes_are_applied_and_applied_again(host, means):
    creator, advertiser = a_creator(means), an_advertiser(means)
    posts = [a_post(means, creator) for _ in range(3)]
    codes = [host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7}).json()["code"] for post in posts]
    rows = [{"advertiser_id": str(advertiser.id), "code": code} for code in codes]
    rows.insert(1, {"advertiser_id": str(advertiser.id), "code": "nonsense"})
    rows.append({"advertiser_id": "1000000000000000001", "code": codes[0]})
    verdicts = host.bulk("codes", rows)
    assert summary(verdicts) == [
        (1, "bound", None),
        (2, "rejected", "auth_code_format_error"),
        (3, "bound", None),
        (4, "bound", None),
        (5, "rejected", "not_found"),
    ]
    assert [one["id"] for one in verdicts if "id" in one] == [str(post.id) for post in posts]
    assert summary(host.bulk("codes", rows)) == summary(verdicts)
    assert Binding.objects.count() == 3
    assert not any(code in json.dumps(verdicts) for code in codes)


def test_a_job_of_wrong_codes_counts_as_one_guess(host, means):
    advertiser = an_advertiser(means)
    rows = [{"advertiser_id": str(advertiser.id), "code": "guess"}] * 30
    for _ in range(10):
        assert {one["error"]["code"] for one in host.bulk("codes", rows)} == {"auth_code_format_error"}
    response = host.post("/v1/bulk/codes", lines(rows), kind=NDJSON)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1


@pytest.fixture
def server(clip):
    """A host's own server of files, on this machine."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self):
            raw = clip.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            """Say nothing."""

    files = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=files.serve_forever)
    thread.start()
    yield f"127.0.0.1:{files.server_port}"
    files.shutdown()
    thread.join()
    files.server_close()


def test_posts_are_published_from_the_hosts_own_server_once_per_key(host, media, clip, server, monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(media, "settings", replace(media.settings, media_hosts=(server,)))
    post = {
        "creator_id": creator_of(host),
        "media_url": f"http://{server}/v.mp4",
        "media_md5": hashlib.md5(clip.read_bytes()).hexdigest(),
    }
    rows = [{**post, "key": "p1"}, post, {**post, "key": "p2", "media_md5": "0" * 32}]
    verdicts = host.bulk("posts", rows)
    assert summary(verdicts) == [
        (1, "created", None),
        (2, "rejected", "field_required"),
        (3, "rejected", "md5_mismatch"),
    ]
    again = host.bulk("posts", rows[:1])
    assert (again[0]["status"], again[0]["id"]) == ("exists", verdicts[0]["id"])
    assert Post.objects.count() == 1
    told = host.get(f"/v1/posts/{verdicts[0]['id']}").json()
    assert told["media"]["url"] == post["media_url"]


@pytest.mark.django_db(transaction=True)
def test_a_video_that_was_looked_over_is_published_by_a_line(host, media, clip):
    creator_id = creator_of(host)
    with clip.open("rb") as file:
        parts = {"meta": json.dumps({"creator_id": creator_id}), "file": file}
        sent = host.client.post("/v1/unpublished", parts, headers={"Authorization": f"Bearer {host.key}"})
    one = sent.json()["unpublished_id"]
    rows = [{"key": "p1", "creator_id": creator_id, "caption": "Pâtes", "unpublished_id": one}]
    verdicts = host.bulk("posts", rows)
    assert summary(verdicts) == [(1, "created", None)]
    assert summary(host.bulk("posts", rows)) == [(1, "exists", None)]
    assert summary(host.bulk("posts", [{**rows[0], "key": "p2"}])) == [(1, "rejected", "not_found")]
    assert host.get(f"/v1/posts/{verdicts[0]['id']}").json()["media"]["duration_ms"] == 2_000
    assert Post.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_verdicts_come_as_lines_are_done(host):
    """What a reader has got is committed, and what comes after is not done before it is asked for."""
    rows = [{"handle": f"creator{n}", "display_name": "C"} for n in range(5)]
    response = host.post("/v1/bulk/creators", lines(rows), kind=NDJSON)
    assert response.streaming
    stream = iter(response.streaming_content)
    for n in range(1, 4):
        assert json.loads(next(stream))["line"] == n
        assert Creator.objects.count() == n
    response.close()
    assert Creator.objects.count() == 3
    assert [one["status"] for one in host.bulk("creators", rows)] == ["exists"] * 3 + ["created"] * 2


def test_an_outage_in_the_middle_is_that_lines_verdict(host, monkeypatch):
    from attise.management.accounts import actions

    real, calls = actions.create_creator, []

    def sometimes(*args, **kwargs):
        calls.append(None)
        if len(calls) == 2:
            raise OperationalError("locked")
        if len(calls) == 3:
            raise AssertionError("a bug")
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "create_creator", sometimes)
    rows = [{"handle": f"creator{n}", "display_name": "C", "key": f"k{n}"} for n in range(4)]
    verdicts = host.bulk("creators", rows)
    assert summary(verdicts) == [
        (1, "created", None),
        (2, "rejected", "unavailable"),
        (3, "rejected", "internal_error"),
        (4, "created", None),
    ]
    assert "bug" not in json.dumps(verdicts)
    monkeypatch.undo()
    assert [one["status"] for one in host.bulk("creators", rows)] == ["exists", "created", "created", "exists"]


def test_sentences_of_verdicts_come_in_the_language_asked_for(host):
    verdicts = host.bulk("creators", [{"handle": "lea"}], accept_language="fr")
    assert verdicts[0]["error"]["message"] == "Ce champ est obligatoire."


def test_a_body_of_too_many_lines_does_nothing(host):
    response = host.post("/v1/bulk/viewers", b"{}\n" * (BULK_ROWS + 1), kind=NDJSON)
    assert response.status_code == 413
    assert errors_of(response) == [(None, "too_many_rows")]
    assert not Viewer.objects.exists()


def test_a_line_that_is_too_long_is_one_verdict(host):
    long = b'{"handle":"' + b"x" * bulk_form.LINE_BYTES + b'"}'
    edge = b'{"external_id":"e"' + b" " * (bulk_form.LINE_BYTES - 19) + b"}"
    assert len(edge) == bulk_form.LINE_BYTES
    verdicts = host.bulk("viewers", [long, edge, long + b"y" * 200_000, b"{}"])
    assert summary(verdicts) == [
        (1, "rejected", "body_too_large"),
        (2, "created", None),
        (3, "rejected", "body_too_large"),
        (4, "created", None),
    ]


def test_a_body_that_was_cut_does_nothing(host):
    import io

    response = host.client.generic(
        "POST",
        "/v1/bulk/viewers",
        b"{}\n" * 10,
        content_type=NDJSON,
        headers={"Authorization": f"Bearer {host.key}"},
        **{"wsgi.input": io.BytesIO(b"{}\n" * 9)},
    )
    assert response.status_code == 400
    assert errors_of(response) == [(None, "bad_json")]
    assert not Viewer.objects.exists()


def test_a_body_is_ndjson_and_not_too_large(host):
    assert host.post("/v1/bulk/viewers", [{}]).status_code == 415
    response = host.client.generic(
        "POST",
        "/v1/bulk/viewers",
        b"",
        content_type=NDJSON,
        headers={"Authorization": f"Bearer {host.key}"},
        CONTENT_LENGTH=str(bulk_form.BULK_BYTES + 1),
    )
    assert response.status_code == 413
    assert host.post("/v1/bulk/posters", b"{}", kind=NDJSON).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_leaves_leaves_no_file_behind(host, media):
    request = RequestFactory().generic(
        "POST", "/v1/bulk/viewers", b"{}\n" * 3, content_type=NDJSON, headers={"Authorization": f"Bearer {host.key}"}
    )
    response = WSGIHandler().get_response(request)
    assert next(iter(response.streaming_content))
    response.close()
    assert list(media.uploads.iterdir()) == []
    assert not Key.objects.exists()
