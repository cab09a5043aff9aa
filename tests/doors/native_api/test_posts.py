"""A creator publishes a real file; it is read, edited, moderated and deleted."""

from __future__ import annotations

import hashlib
import io
import json

import pytest

from attise.kernel.clock import rfc3339
from attise.kernel.limits import DAY_MS, FILE_LINK_LIFE_MS
from attise.management.idempotency.models import Key
from attise.management.posts.models import Media, Post
from attise.records.media_link import MediaLinks
from tests.builders import a_post
from tests.doors.native_api.conftest import creator_of, errors_of

pytestmark = pytest.mark.django_db
NO_CREATOR = ("creator_id", "field_required")
NONE = {"total": 0, "organic": 0, "paid": 0}


def meta_of(host, **facts):
    return {"creator_id": creator_of(host), "caption": "One pan, ten minutes", **facts}


def path_of(media, means, clock, url):
    """Return where the file of a signed link lies."""
    link = MediaLinks(means.secrets.key("media")).open(
        url.removeprefix("http://testserver"), now_s=clock.wire_ms() // 1000
    )
    assert link is not None
    return media.media / link.key[:2] / link.key / link.name


def test_an_author_discloses_that_a_post_is_paid_and_it_says_so_for_good(host, clip):
    made = host.publish(meta_of(host, partnership=True), clip)
    assert made.status_code == 201, made.content
    path = f"/v1/posts/{made.json()['post_id']}"
    label = {"fr": "Collaboration commerciale", "en": "Paid partnership"}
    assert (made.json()["partnership"], made.json()["label"]) == (True, label)
    refused = host.patch(path, {"partnership": False})
    assert refused.status_code == 422
    host.patch(path, {"caption": "Another one", "visibility": "private"})
    assert (host.get(path).json()["partnership"], host.get(path).json()["label"]) == (True, label)


def test_a_post_is_published_with_its_file(host, clip, media, means, clock):
    meta = meta_of(host, tags=["#dinner", "quick"], sound="Original", category="sport")
    response = host.publish(meta, clip)
    assert response.status_code == 201, response.content
    post = response.json()
    told = {
        "caption": "One pan, ten minutes",
        "format": "video",
        "visibility": "public",
        "ads_only": False,
        "sound": "Original",
        "tags": ["dinner", "quick"],
        "category": "sport",
        "state": "live",
        "locked": False,
        "locked_until": None,
        "partnership": False,
        "label": None,
        "circle": None,
        "of_post_id": None,
    }
    assert {name: post[name] for name in told} == told
    assert post["creator"] == {
        "creator_id": meta["creator_id"],
        "handle": "lea.cuisine",
        "display_name": "Léa",
    }
    assert post["counters"] == dict.fromkeys(("views", "likes", "comments", "shares", "saves", "follows"), NONE)
    stored = path_of(media, means, clock, post["media"]["url"])
    assert hashlib.md5(stored.read_bytes()).hexdigest() == post["media"]["md5"]
    assert stored.stat().st_size == post["media"]["size_bytes"]
    assert 1_900 <= post["media"]["duration_ms"] <= 2_100
    assert (post["media"]["width"], post["media"]["height"]) == (360, 640)
    assert path_of(media, means, clock, post["media"]["cover_url"]).is_file()
    assert host.get(f"/v1/posts/{post['post_id']}").json() == post


def test_links_to_media_die_after_six_hours(host, means, clock):
    from tests.builders import a_creator

    post = a_post(means, a_creator(means))
    url = host.get(f"/v1/posts/{post.id}").json()["media"]["url"].removeprefix("http://testserver")
    links = MediaLinks(means.secrets.key("media"))
    assert links.open(url, now_s=(clock.wire_ms() + FILE_LINK_LIFE_MS) // 1000 - 1) is not None
    assert links.open(url, now_s=(clock.wire_ms() + FILE_LINK_LIFE_MS) // 1000 + 1) is None


def test_an_upload_with_a_key_is_published_once(host, clip, media):
    meta = meta_of(host)
    first = host.publish(meta, clip, idempotency_key="publish-1")
    again = host.publish(meta, clip, idempotency_key="publish-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Post.objects.count() == Media.objects.count() == 1


def test_the_same_key_with_another_file_or_another_meta_is_refused(host, clip, media, tmp_path):
    meta = meta_of(host)
    assert host.publish(meta, clip, idempotency_key="publish-1").status_code == 201
    other = tmp_path / "other.mp4"
    other.write_bytes(clip.read_bytes() + b"\x00\x00\x00\x08free")
    for response in (
        host.publish(meta, other, idempotency_key="publish-1"),
        host.publish({**meta, "caption": "Other"}, clip, idempotency_key="publish-1"),
    ):
        assert response.status_code == 422
        assert errors_of(response) == [("Idempotency-Key", "idempotency_key_reused")]
    assert Post.objects.count() == 1


def test_a_refused_file_leaves_nothing_and_its_key_free(host, clip, media, tmp_path):
    meta = meta_of(host)
    nonsense = tmp_path / "nonsense.mp4"
    nonsense.write_bytes(b"this is no video at all" * 100)
    response = host.publish(meta, nonsense, idempotency_key="publish-1")
    assert response.status_code == 415
    assert errors_of(response)[0][0] == "file"
    assert not Post.objects.exists()
    assert not Key.objects.exists()
    assert not [path for path in media.uploads.iterdir() if path.is_file()]
    assert host.publish(meta, clip, idempotency_key="publish-1").status_code == 201


def test_a_post_without_its_file_is_told_so(host, media):
    meta = meta_of(host)
    assert errors_of(host.publish(meta, None)) == [("file", "file_required")]
    response = host.post("/v1/posts", meta)
    assert response.status_code == 422
    assert errors_of(response) == [("file", "file_required")]


def test_a_file_and_an_address_together_are_refused(host, clip, media):
    meta = meta_of(host, media_url="https://media.example.org/1.mp4", media_md5="0" * 32)
    response = host.publish(meta, clip)
    assert response.status_code == 422
    assert ("media_url", "file_or_address") in errors_of(response)


def test_an_address_in_our_own_network_is_refused(host, media):
    for address in ("https://127.0.0.1/v.mp4", "https://[::1]/v.mp4", "http://media.example.org/v.mp4", "file:///etc"):
        response = host.post("/v1/posts", meta_of_once(host, media_url=address))
        assert response.status_code == 422, address
        assert [field for field, _ in errors_of(response)] == ["media_url"], address


def meta_of_once(host, **facts):
    """Return a meta of the one creator, made if need be."""
    found = host.get("/v1/creators").json()["items"]
    creator_id = found[0]["creator_id"] if found else creator_of(host)
    return {"creator_id": creator_id, "media_md5": "0" * 32, **facts}


def test_every_wrong_field_of_meta_is_told_at_once(host, clip, media):
    meta = {"creator_id": 5, "format": "reel", "visibility": "all", "tags": "dinner", "state": "live", "ads_only": "no"}
    response = host.publish(meta, clip)
    assert response.status_code == 422
    assert errors_of(response) == [
        ("creator_id", "field_invalid"),
        ("format", "field_invalid"),
        ("visibility", "field_invalid"),
        ("ads_only", "field_invalid"),
        ("tags", "field_invalid"),
        ("state", "field_unknown"),
    ]


def test_a_creator_who_is_not_there_is_a_404(host, clip, media):
    response = host.publish({"creator_id": "1000000000000000001"}, clip)
    assert response.status_code == 404
    assert errors_of(response) == [("creator_id", "not_found")]


@pytest.mark.parametrize(
    ("parts", "status", "errors"),
    [
        ([("meta", b"{", None)], 400, [(None, "bad_json")]),
        ([("meta", b'{"a":1,"a":2}', None)], 400, [(None, "bad_json")]),
        ([("meta", b'{"caption":"\xff"}', None)], 400, [(None, "bad_json")]),
        ([("file", b"x", "v.mp4")], 422, [("meta", "field_required")]),
        ([("meta", b"{}", None)] * 2, 422, [("meta", "field_invalid"), NO_CREATOR]),
        ([("meta", b"{}", None), ("file", b"x", None)], 422, [("file", "field_invalid"), NO_CREATOR]),
        ([("meta", b"{}", None), ("cover", b"x", "c.jpg")], 422, [("cover", "field_unknown"), NO_CREATOR]),
        ([("meta", b"{}", None), ("state", b"live", None)], 422, [("state", "field_unknown"), NO_CREATOR]),
    ],
)
def test_parts_are_as_strict_as_json(host, media, parts, status, errors):
    response = host.post("/v1/posts", multipart(parts), kind="multipart/form-data; boundary=b0undary")
    assert response.status_code == status
    assert errors_of(response) == errors


def multipart(parts, *, end=b"--b0undary--\r\n"):
    body = b""
    for name, value, file_name in parts:
        said = f'form-data; name="{name}"' + (f'; filename="{file_name}"' if file_name else "")
        body += b"--b0undary\r\nContent-Disposition: " + said.encode() + b"\r\n\r\n" + value + b"\r\n"
    return body + end


def test_meta_may_come_as_a_small_file_of_json(host, clip, media):
    meta = json.dumps(meta_of(host)).encode()
    body = multipart([("meta", meta, "meta.json"), ("file", clip.read_bytes(), "v.mp4")])
    assert host.post("/v1/posts", body, kind="multipart/form-data; boundary=b0undary").status_code == 201


def test_a_body_that_was_cut_is_not_taken_for_a_whole_one(host, clip, media, means):
    body = multipart([("meta", json.dumps(meta_of(host)).encode(), None), ("file", clip.read_bytes(), "v.mp4")])
    for size in (len(body) - 1, len(body) - 20, len(body) // 2):
        response = host.client.generic(
            "POST",
            "/v1/posts",
            body,
            content_type="multipart/form-data; boundary=b0undary",
            headers={"Authorization": f"Bearer {host.key}"},
            **{"wsgi.input": io.BytesIO(body[:size])},
        )
        assert response.status_code == 400
        assert errors_of(response) == [(None, "bad_multipart")]
    assert not Post.objects.exists()


def test_parts_without_a_boundary_or_of_another_type_are_refused(host, media):
    response = host.post("/v1/posts", b"xx", kind="multipart/form-data")
    assert response.status_code == 400
    assert errors_of(response) == [(None, "bad_multipart")]
    assert host.post("/v1/posts", b"xx", kind="video/mp4").status_code == 415


def test_a_large_meta_is_refused(host, media):
    body = multipart([("meta", b'{"caption":"' + b"x" * 1_200_000 + b'"}', None)])
    response = host.post("/v1/posts", body, kind="multipart/form-data; boundary=b0undary")
    assert response.status_code == 413
    assert errors_of(response) == [(None, "body_too_large")]


def test_an_upload_larger_than_the_limit_is_refused_by_its_announced_length(host, media):
    response = host.client.generic(
        "POST",
        "/v1/posts",
        b"",
        content_type="multipart/form-data; boundary=b",
        headers={"Authorization": f"Bearer {host.key}"},
        CONTENT_LENGTH=str(600 * 1024 * 1024),
    )
    assert response.status_code == 413


def test_a_date_of_publication_is_taken_in_a_sandbox_alone(host, clip, media, clock, monkeypatch):
    from attise.kernel.house import Mode

    meta = meta_of(host, published_at=rfc3339(clock.world_ms() - 30 * DAY_MS))
    response = host.publish(meta, clip)
    assert response.status_code == 422
    assert errors_of(response) == [("published_at", "published_at_not_allowed")]
    monkeypatch.setattr(media, "mode", Mode.SANDBOX)
    response = host.publish(meta, clip)
    assert response.status_code == 201
    assert response.json()["published_at"] == meta["published_at"]
    for wrong in ("2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", 5, "now", "9999-12-31T23:59:59-23:59"):
        response = host.publish({**meta, "published_at": wrong}, clip)
        assert response.status_code == 422, wrong
        assert [field for field, _ in errors_of(response)] == ["published_at"]


def test_posts_of_a_creator_are_listed_newest_first_without_the_deleted(host, means):
    from tests.builders import a_creator

    creator = a_creator(means)
    posts = [a_post(means, creator) for _ in range(3)]
    a_post(means, a_creator(means, "other"))
    assert host.delete(f"/v1/posts/{posts[1].id}").json()["state"] == "deleted"
    first = host.get(f"/v1/posts?creator_id={creator.id}&limit=1").json()
    assert [item["post_id"] for item in first["items"]] == [str(posts[2].id)]
    rest = host.get(f"/v1/posts?creator_id={creator.id}&limit=1&cursor={first['next_cursor']}").json()
    assert [item["post_id"] for item in rest["items"]] == [str(posts[0].id)]
    assert rest["next_cursor"] is None
    assert errors_of(host.get("/v1/posts")) == [("creator_id", "field_required")]
    assert host.get("/v1/posts?creator_id=1000000000000000001").status_code == 404
    gone = host.get(f"/v1/posts/{posts[1].id}").json()
    assert (gone["state"], gone["media"]) == ("deleted", None)


def test_a_caption_is_locked_while_a_grant_lives(host, means, clock):
    from tests.builders import a_creator

    path = f"/v1/posts/{a_post(means, a_creator(means)).id}"
    assert host.patch(path, {"caption": "Better words", "visibility": "public"}).json()["caption"] == "Better words"
    grant = host.post(f"{path}/authorizations", {"days": 7}).json()
    post = host.get(path).json()
    assert (post["locked"], post["locked_until"]) == (True, grant["ends_at"])
    response = host.patch(path, {"caption": "Other words"})
    assert response.status_code == 422
    assert errors_of(response) == [("caption", "caption_locked")]
    host.post(f"/v1/authorizations/{grant['authorization_id']}/revoke", {"when": "now"})
    assert host.patch(path, {"caption": "Other words"}).json()["caption"] == "Other words"


def test_an_empty_edit_says_what_is_missing(host, means):
    from tests.builders import a_creator

    response = host.patch(f"/v1/posts/{a_post(means, a_creator(means)).id}", {})
    assert response.status_code == 422
    assert errors_of(response) == [(None, "empty_edit")]


def test_the_operator_moderates_a_post_with_a_reason(host, means):
    from tests.builders import a_creator

    path = f"/v1/posts/{a_post(means, a_creator(means)).id}"
    hidden = host.post(f"{path}/moderation", {"state": "hidden", "reason": "Unlabelled ad"}).json()
    assert (hidden["state"], hidden["state_reason"]) == ("hidden", "Unlabelled ad")
    response = host.post(f"{path}/moderation", {"state": "removed"})
    assert response.status_code == 422
    assert errors_of(response) == [("reason", "field_required")]
    assert host.post(f"{path}/moderation", {"state": "live"}).json()["state_reason"] is None
    assert host.post(f"{path}/moderation", {"state": "deleted"}).status_code == 422
