"""Pictures from along a video are made when they are asked for, kept beside it, and go with it."""

from __future__ import annotations

import pytest

from attise.management.posts import actions, links, store
from attise.management.posts.media import inspection
from attise.records.media_link import PURPOSE, MediaLinks
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(publish):
    return publish().media


@pytest.fixture
def take(means, house, media):
    return lambda count: actions.take_frames(means, house, media, count=count)


@pytest.fixture
def beside(house, media):
    """Tell the pictures that lie beside the video, by name."""
    return lambda: {path.name: path for path in store.folder_of(house, media.key).glob("frame*.jpg")}


@pytest.fixture
def looked(monkeypatch):
    """Count how often a child looked at a video."""
    real, asked = actions.frames.frames_of, []

    def counting(*args, **kwargs):
        asked.append(kwargs["count"])
        return real(*args, **kwargs)

    monkeypatch.setattr(actions.frames, "frames_of", counting)
    return asked


@pytest.mark.parametrize("count", [1, 3, 10])
def test_as_many_as_asked_are_kept_beside_the_video_and_linked(means, house, media, take, beside, count):
    frames = take(count)
    assert len(frames) == count
    assert [frame.name for frame in frames] == sorted(beside())
    assert len({path.read_bytes() for path in beside().values()}) == count
    assert {path.stat().st_mode & 0o777 for path in beside().values()} == {0o600}
    opener = MediaLinks(means.secrets.key(PURPOSE))
    for frame in frames:
        assert (frame.width, frame.height) == (360, 640)
        link = opener.open(links.link_frame(means, media, frame, 60_000), now_s=means.clock.wire_ms() // 1000)
        assert (link.key, link.name) == (media.key, frame.name)
    assert list((house.media / store.NEW).iterdir()) == []


def test_they_are_made_once(take, looked):
    first = take(4)
    assert take(4) == first
    assert take(2) != first
    assert looked == [4, 2]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_makes_them(take, looked, beside):
    answers = at_once([lambda: take(3)] * 6)
    assert all(answer == answers[0] for answer in answers)
    assert looked == [3]
    assert len(beside()) == 3


def test_what_a_crash_left_half_done_is_made_again(take, looked, beside):
    names = [frame.name for frame in take(3)]
    beside()[names[0]].unlink()  # the first comes last
    assert [frame.name for frame in take(3)] == names
    assert looked == [3, 3]


@pytest.mark.django_db(transaction=True)
def test_they_go_with_the_video(means, host, house, publish, files):
    post = publish()
    actions.take_frames(means, house, post.media, count=3)
    actions.delete_post(means, host, house=house, post_id=post.id)
    assert not files()
    assert [frame.name for frame in actions.take_frames(means, house, post.media, count=3)] == ["cover.jpg"]


def test_the_cover_stands_for_those_of_a_video_that_cannot_be_read_and_nobody_tries_again(house, media, take, looked):
    folder = store.folder_of(house, media.key)
    (folder / media.file_name).write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4_000)
    (frame,) = take(5)
    assert (folder / frame.name).read_bytes() == (folder / "cover.jpg").read_bytes()
    assert take(5) == [frame]
    assert looked == [5]


def test_the_child_that_looks_is_limited():
    limits = inspection.FRAMES_LIMITS.process
    assert limits.wall_s <= 45
    assert limits.file_bytes < 64 * 1024 * 1024
