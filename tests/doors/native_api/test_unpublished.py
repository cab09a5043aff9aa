"""A host has a video looked over before it publishes it."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from attise.management.posts import actions
from tests.browser.town import forget_files
from tests.builders import a_creator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_files():
    forget_files()
    yield
    forget_files()


@pytest.fixture
def creator(means):
    return a_creator(means)


@pytest.fixture
def send(host, clip):
    def sent(meta, **headers):
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        given["Authorization"] = f"Bearer {host.key}"
        with clip.open("rb") as file:
            parts = {"meta": json.dumps(meta), "file": file}
            return host.client.post("/v1/unpublished", parts, headers=given)

    return sent


def test_a_video_is_sent_looked_over_and_published(host, means, creator, send):
    sent = send({"creator_id": str(creator.id), "caption": "Pâtes"}, idempotency_key="once")
    one = sent.json()
    assert (sent.status_code, one["preflight"]["state"], one["media"]["duration_ms"]) == (201, "waiting", 2_000)
    assert send({"creator_id": str(creator.id), "caption": "Pâtes"}, idempotency_key="once").json() == one
    at = f"/v1/unpublished/{one['unpublished_id']}"
    assert actions.look_over_pending(means, settings.HOUSE) == 1
    assert host.get(at).json()["preflight"]["ready"] == "1/5"
    found = host.patch(at, {"caption": "Mes pâtes. Et toi ?"}).json()
    assert (found["caption"], found["preflight"]["ready"]) == ("Mes pâtes. Et toi ?", "3/5")
    assert [row["unpublished_id"] for row in host.get(f"/v1/unpublished?creator_id={creator.id}").json()["items"]] == [
        one["unpublished_id"]
    ]
    draft = {"creator_id": str(creator.id), "caption": "Mes pâtes", "unpublished_id": one["unpublished_id"]}
    post = host.post("/v1/posts", draft)
    assert (post.status_code, post.json()["state"]) == (201, "live")
    assert host.get(f"/v1/posts/{post.json()['post_id']}/preflight").json()["ready"] == "2/5"
    assert host.get(at).status_code == host.post("/v1/posts", draft).status_code == 404


def test_it_may_be_let_go_of(host, creator, send):
    at = f"/v1/unpublished/{send({'creator_id': str(creator.id)}).json()['unpublished_id']}"
    assert host.delete(at).json() == {"removed": True}
    assert host.delete(at).status_code == 404


def test_what_is_wrong_is_told(host, creator, send):
    assert send({"creator_id": "1"}).json()["error"]["field"] == "creator_id"
    assert send({"creator_id": str(creator.id), "colour": 1}).status_code == 422
    assert host.post("/v1/unpublished", {"creator_id": str(creator.id)}).json()["error"]["code"] == "file_required"
    draft = {"creator_id": str(creator.id), "unpublished_id": "1", "media_url": "https://example.com/a.mp4"}
    assert host.post("/v1/posts", draft).json()["error"]["code"] == "file_or_unpublished"


def test_a_video_is_edited_and_what_is_wrong_with_it_is_named(host, means, creator, send):
    at = f"/v1/unpublished/{send({'creator_id': str(creator.id)}).json()['unpublished_id']}"
    text = {"text": "Ah", "from_ms": 600, "to_ms": 1_000, "place": "top", "size": "small"}
    edits = {"from_ms": 500, "to_ms": 1_600, "cover_ms": 700, "texts": [text], "sound": "neon"}
    told = host.put(f"{at}/edits", edits)
    assert (told.status_code, told.json()["editing"], told.json()["edited"]) == (200, "waiting", None)
    assert told.json()["edits"] == {**edits, "sound_percent": 70, "own_percent": 100}
    assert actions.render_pending(means, settings.HOUSE) == 1
    found = host.get(at).json()
    assert (found["editing"], found["media"]["duration_ms"]) == ("done", 2_000)
    assert abs(found["edited"]["duration_ms"] - 1_100) <= 34
    wrong = host.put(f"{at}/edits", {"from_ms": 1_500, "sound": "tube"})
    assert [(one["field"], one["code"]) for one in wrong.json()["error"]["errors"]] == [
        ("to_ms", "edit_too_short"),
        ("sound", "edit_sound"),
    ]
    back = host.put(f"{at}/edits", {}).json()
    assert (back["editing"], back["edits"], back["edited"]) == ("none", None, None)


def test_sounds_are_listed_with_where_they_are_heard(host):
    items = host.get("/v1/sounds").json()["items"]
    assert [one["name"] for one in items] == ["Petit matin", "Marché", "Néon", "Pluie douce", "Atelier", "Grand large"]
    assert all(15_000 <= one["duration_ms"] <= 30_000 for one in items)
    assert host.get(items[0]["url"].removeprefix("http://testserver")).content[:4] == b"RIFF"
