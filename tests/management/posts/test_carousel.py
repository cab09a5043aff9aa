"""A photo carousel has several pictures: each judged like any picture, all stored together, in their order."""

from __future__ import annotations

import hashlib

import pytest

from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import CAROUSEL_PICTURES
from attise.management.posts import actions, links, queries, store
from attise.management.posts.actions import intake
from attise.management.posts.models import Media, Post
from attise.records.media_link import PURPOSE, MediaLinks
from tests.drawing import a_picture, light_of
from tests.losing import losing

pytestmark = pytest.mark.django_db(transaction=True)
SUFFIXES = (".jpg", ".png", ".webp")


@pytest.fixture
def album(tmp_path):
    """Draw pictures that grow lighter, of each kind in turn."""

    def album(count: int) -> list:
        return [
            a_picture(tmp_path / f"{number}{SUFFIXES[number % 3]}", light=40 + 5 * number, width=48 + number)
            for number in range(count)
        ]

    return album


@pytest.fixture
def publish_album(publish):
    def publish_album(files, **draft):
        first, *more = files
        return publish(upload=first, more=more, **{"format": "carousel", **draft})

    return publish_album


def told(refused) -> list[tuple[str | None, str]]:
    items = refused.value.items if isinstance(refused.value, Refusals) else [refused.value]
    return [(item.field, item.code) for item in items]


@pytest.mark.parametrize("count", [2, 3, pytest.param(CAROUSEL_PICTURES, marks=pytest.mark.long)])
def test_pictures_are_stored_in_their_order(means, house, publish_album, album, files, count):
    post = publish_album(album(count))
    media = post.media
    assert (post.state, media.kind, media.has_cover) == ("live", "image", False)
    assert [picture.width for picture in media.pictures] == [48 + number for number in range(count)]
    folder = store.folder_of(house, media.key)
    lights = [light_of(folder / picture.file_name) for picture in media.pictures]
    assert lights == sorted(lights)
    assert len(set(lights)) == count
    for picture in media.pictures:
        body = (folder / picture.file_name).read_bytes()
        assert (picture.size_bytes, picture.signature_md5) == (len(body), hashlib.md5(body).hexdigest())
    assert len(files()) == count
    assert (media.file_name, media.width) == (media.pictures[0].file_name, 48)
    assert Media.objects.count() == 1
    assert queries.get_post(post.id) == post


def test_each_picture_has_a_link_of_its_own(means, publish_album, album):
    media = publish_album(album(3)).media
    opener = MediaLinks(means.secrets.key(PURPOSE))
    made = [links.link_picture(means, media, picture, 60_000) for picture in media.pictures]
    opened = [opener.open(path, now_s=means.clock.wire_ms() // 1000) for path in made]
    assert [link.name for link in opened] == [picture.file_name for picture in media.pictures]
    assert len({link.name for link in opened}) == 3


def test_one_picture_is_a_carousel_as_before_and_a_video_has_none(publish, photo):
    assert len(publish(format="carousel", upload=photo).media.pictures) == 1
    assert publish().media.pictures == ()


def test_every_bad_picture_is_told_at_its_place_and_nothing_is_kept(publish_album, album, clip, tmp_path, files, house):
    empty, program = tmp_path / "empty.png", tmp_path / "program.svg"
    empty.write_bytes(b"")
    program.write_text("<svg onload='alert(1)'/>")
    good = album(2)
    with pytest.raises(Refusals) as refused:
        publish_album([good[0], empty, good[1], program, clip])
    assert told(refused) == [
        ("file[1]", "media_empty"),
        ("file[3]", "image_format_not_allowed"),
        ("file[4]", "image_format_not_allowed"),
    ]
    assert not files()
    assert list((house.media / store.NEW).iterdir()) == []
    assert not Post.objects.exists()


def test_a_bad_caption_is_told_with_the_bad_pictures(publish_album, album, tmp_path, files):
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    with pytest.raises(Refusals) as refused:
        publish_album([*album(1), empty], caption="a\x00")
    assert told(refused) == [("caption", "text_characters"), ("file[1]", "media_empty")]
    assert not files()


@pytest.mark.parametrize("post_format", ["video", "story"])
def test_other_formats_take_one_file(publish_album, album, files, post_format):
    with pytest.raises(Refusal) as refused:
        publish_album(album(2), format=post_format)
    assert told(refused) == [("file", "several_files_not_expected")]
    assert not files()


def test_one_picture_too_many_is_refused_before_any_is_looked_at(publish_album, album, monkeypatch):
    looked = []
    monkeypatch.setattr(intake, "inspect_image", lambda *_, **__: looked.append(1))
    with pytest.raises(Refusal) as refused:
        publish_album(album(2) * (CAROUSEL_PICTURES // 2 + 1))
    assert told(refused) == [("file", "too_many_pictures")]
    assert looked == []


def test_pictures_that_take_too_long_together_are_refused(publish_album, album, clock, monkeypatch, files):
    real = intake.inspect_image

    def slow(*args, **kwargs):
        clock.advance(seconds=30)
        return real(*args, **kwargs)

    monkeypatch.setattr(intake, "inspect_image", slow)
    with pytest.raises(Refusal) as refused:
        publish_album(album(4))
    assert told(refused) == [("file", "media_took_too_long")]
    assert not files()


def test_an_address_and_pictures_do_not_go_together(publish_album, album):
    with pytest.raises(Refusal) as refused:
        publish_album(album(2), media_url="https://example.org/x.png", media_md5="0" * 32)
    assert told(refused) == [("media_url", "file_or_address")]


def test_moderation_and_deletion_take_every_picture(means, host, house, publish_album, album, files):
    post = publish_album(album(4))
    folder = store.folder_of(house, post.media.key)
    actions.moderate_post(means, host, house=house, post_id=post.id, state="removed", reason="x")
    assert not folder.exists()
    actions.moderate_post(means, host, house=house, post_id=post.id, state="live")
    assert len(list(folder.iterdir())) == 4
    actions.delete_post(means, host, house=house, post_id=post.id)
    assert not files()


def test_pictures_are_judged_once_however_often_their_row_loses(publish_album, album, files, clock):
    with losing(clock, 2, table="posts_post") as lost:
        publish_album(album(3))
    assert len(lost.pauses) == 2
    assert len(files()) == 3
    assert Media.objects.count() == Post.objects.count() == 1
