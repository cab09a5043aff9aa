"""Several pictures in one post, through the native API: in their order, told one by one, done once for a key."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from attise.kernel.limits import CAROUSEL_PICTURES
from attise.management.posts import store
from attise.management.posts.models import Media, Post
from tests.doors.native_api.conftest import creator_of, errors_of
from tests.drawing import a_picture, light_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(tmp_path):
    return [a_picture(tmp_path / f"{light}.png", light=light) for light in (40, 120, 200)]


@pytest.fixture
def send(host, media):
    """Publish some files as a carousel of a new creator."""
    meta = {"creator_id": creator_of(host), "format": "carousel"}

    def send(files, *, key: str | None = None, **more):
        opened = [path.open("rb") for path in files]
        headers = {"Authorization": f"Bearer {host.key}"} | ({} if key is None else {"Idempotency-Key": key})
        try:
            return host.client.post(
                "/v1/posts", {"meta": json.dumps({**meta, **more}), "file": opened}, headers=headers
            )
        finally:
            for file in opened:
                file.close()

    return send


def stored_lights() -> list[int]:
    media = Media.objects.get()
    folder = store.folder_of(settings.HOUSE, media.key)
    names = [media.file_name, *(said["file_name"] for said in media.others)]
    return [light_of(folder / name) for name in names]


def test_pictures_are_told_in_the_order_in_which_they_came(host, send, album):
    answer = send(album)
    assert answer.status_code == 201, answer.content
    told = answer.json()["media"]
    assert (told["kind"], told["duration_ms"], len(told["pictures"])) == ("image", 0, 3)
    for picture in told["pictures"]:
        assert picture.keys() == {"url", "md5", "width", "height", "size_bytes"}
        assert (picture["width"], picture["height"]) == (48, 64)
        assert picture["url"].startswith("http://testserver/media/")
    assert told["url"] == told["cover_url"] == told["pictures"][0]["url"]
    lights = stored_lights()
    assert lights == sorted(lights)
    read = host.get(f"/v1/posts/{answer.json()['post_id']}").json()["media"]
    assert [one["md5"] for one in read["pictures"]] == [one["md5"] for one in told["pictures"]]


def test_the_order_is_part_of_what_is_asked(send, album):
    first = send(album, key="k")
    assert send(album, key="k").content == first.content
    other = send(album[::-1], key="k")
    assert errors_of(other) == [("Idempotency-Key", "idempotency_key_reused")]
    assert Post.objects.count() == 1


def test_a_video_has_no_pictures(host, clip, media):
    told = host.publish({"creator_id": creator_of(host)}, clip).json()["media"]
    assert told["pictures"] == []


def test_what_is_wrong_is_told_picture_by_picture(send, album, tmp_path):
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    page = tmp_path / "page.png"
    page.write_text("<html>")
    answer = send([album[0], empty, page])
    assert answer.status_code == 422
    assert errors_of(answer) == [("file[1]", "media_empty"), ("file[2]", "image_format_not_allowed")]
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("count", "more", "code"),
    [
        (2, {"format": "video"}, "several_files_not_expected"),
        (CAROUSEL_PICTURES + 1, {}, "too_many_pictures"),
        (settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1, {}, "too_many_pictures"),
        (2, {"media_url": "https://example.org/x.png", "media_md5": "0" * 32}, "file_or_address"),
    ],
)
def test_what_is_no_carousel_is_refused_by_name(send, album, count, more, code):
    answer = send([album[0]] * count, **more)
    assert answer.status_code == 422, answer.content
    assert [one for _, one in errors_of(answer)] == [code]
    assert not Post.objects.exists()
