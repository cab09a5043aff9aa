"""A video comes piece by piece: what was acknowledged stays, whatever breaks; what nobody uses goes."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attise.kernel.errors import Refusal
from attise.kernel.limits import DAY_MS, VIDEO_BYTES
from attise.management.posts import actions, store
from attise.management.posts.actions import intake, receiving
from attise.management.posts.models import Post, Unpublished, Upload
from tests.killing import kill_beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begin(means, house, creator):
    def begin(size_bytes, creator_id=creator):
        return actions.begin_upload(means, house=house, creator_id=creator_id, size_bytes=size_bytes)

    return begin


@pytest.fixture
def put(house, creator):
    def put(upload, offset, *parts, creator_id=creator):
        return actions.receive(
            house, owner_id=creator_id, upload_id=upload.id, offset_bytes=offset, parts=parts
        ).received_bytes

    return put


@pytest.fixture
def far(house, creator):
    return lambda upload: actions.get_upload(house, owner_id=creator, upload_id=upload.id).received_bytes


def code_of(act, *given, **named) -> str:
    with pytest.raises(Refusal) as refused:
        act(*given, **named)
    return refused.value.code


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=4_000), cuts=st.lists(st.integers(0, 4_000), max_size=6), at=st.data())
def test_pieces_of_any_size_make_the_file_and_no_other_place_is_taken(begin, put, far, house, data, cuts, at):
    upload = begin(len(data))
    for cut in sorted({min(cut, len(data)) for cut in cuts} | {len(data)}):
        received = far(upload)
        wrong = at.draw(st.integers(0, VIDEO_BYTES).filter(lambda place, here=received: place != here))
        assert code_of(put, upload, wrong, b"x") == "upload_elsewhere"
        assert put(upload, received, data[received:cut]) == cut == far(upload)
    name = Upload.objects.get(id=upload.id).file_name
    assert store.pending_of(house, name).read_bytes() == data
    assert code_of(put, upload, len(data), b"x") == "upload_too_large"


@pytest.mark.parametrize("size", [0, -1, VIDEO_BYTES + 1])
def test_a_size_that_no_video_has_is_refused_and_makes_nothing(begin, house, size):
    assert code_of(begin, size) == "upload_size"
    assert not Upload.objects.exists()
    assert not list(house.uploads.iterdir())


def test_what_came_before_the_network_broke_stays(begin, put, far, house, creator):
    upload = begin(100)

    def broken():
        yield b"a" * 30
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        actions.receive(house, owner_id=creator, upload_id=upload.id, offset_bytes=0, parts=broken())
    assert far(upload) == 30
    assert put(upload, 30, b"b" * 70) == 100


def test_too_much_is_refused_and_what_fits_stays(begin, put, far):
    upload = begin(10)
    assert code_of(put, upload, 0, b"abcd", b"0123456789") == "upload_too_large"
    assert far(upload) == 4


def test_one_piece_at_a_time_is_received(begin, put, house):
    upload = begin(10)
    with store.pending_of(house, Upload.objects.get().file_name).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert code_of(put, upload, 0, b"x") == "upload_busy"
    assert put(upload, 0, b"x") == 1


def test_nobody_else_finds_it(begin, put, means, house, make_creator):
    upload, other = begin(10), make_creator("noe")
    mine = {"owner_id": other, "upload_id": upload.id}
    assert code_of(put, upload, 0, b"x", creator_id=other) == "not_found"
    assert code_of(actions.get_upload, house, **mine) == "not_found"
    assert code_of(actions.drop_upload, means, house=house, **mine) == "not_found"
    assert code_of(
        actions.hold_back, means, house=house, creator_id=other, upload=None, typed={}, upload_id=upload.id
    ) == ("not_found")
    assert Upload.objects.count() == 1


def test_the_oldest_gives_way_to_one_more_than_are_kept(begin, make_creator, house):
    other = begin(1, creator_id=make_creator("noe"))
    _, *rest = [begin(1) for _ in range(receiving.UPLOADS + 1)]
    assert set(Upload.objects.values_list("id", flat=True)) == {other.id, *(one.id for one in rest)}
    assert len(list(house.uploads.iterdir())) == 1 + len(rest)


def test_a_whole_upload_becomes_a_post_or_waits_once(begin, put, means, host, house, creator, clip):
    data = clip.read_bytes()
    upload = begin(len(data))
    draft = {"house": house, "creator_id": creator, "draft": actions.PostDraft(), "upload_id": upload.id}
    put(upload, 0, data[:1_000])
    assert code_of(actions.publish_post, means, host, **draft) == "upload_not_whole"
    put(upload, 1_000, data[1_000:])
    assert code_of(actions.publish_post, means, host, **draft, upload=clip) == "file_or_upload"
    assert actions.publish_post(means, host, **draft).state == "live"
    assert code_of(actions.publish_post, means, host, **draft) == "not_found"
    assert (Post.objects.count(), Upload.objects.count(), list(house.uploads.iterdir())) == (1, 0, [])
    again = begin(len(data))
    put(again, 0, data)
    actions.hold_back(means, house=house, creator_id=creator, upload=None, typed={}, upload_id=again.id)
    assert (Unpublished.objects.count(), Upload.objects.count()) == (1, 0)


@pytest.mark.parametrize("of", ["a post", "a video that waits"])
def test_one_that_is_used_up_while_it_is_judged_is_not_there_any_more(
    monkeypatch, begin, put, means, host, house, creator, old_clip, of
):
    data = old_clip.read_bytes()
    upload = begin(len(data))
    put(upload, 0, data)
    asked = {"house": house, "creator_id": creator, "upload_id": upload.id}
    judge = intake.inspect_video

    def judged(*given, **named):
        found = judge(*given, **named)
        actions.drop_upload(means, house=house, owner_id=creator, upload_id=upload.id)
        return found

    monkeypatch.setattr(intake, "inspect_video", judged)
    if of == "a post":
        assert code_of(actions.publish_post, means, host, draft=actions.PostDraft(), **asked) == "not_found"
    else:
        assert code_of(actions.hold_back, means, upload=None, typed={}, **asked) == "not_found"
    assert (Post.objects.count(), Unpublished.objects.count(), list(house.uploads.iterdir())) == (0, 0, [])


def test_what_is_refused_as_a_video_may_be_let_go_of(begin, put, means, house, creator):
    upload = begin(8)
    put(upload, 0, b"#EXTM3U\n")
    asked = {"house": house, "creator_id": creator, "upload_id": upload.id}
    assert code_of(actions.hold_back, means, upload=None, typed={}, **asked) == "media_container_not_allowed"
    actions.drop_upload(means, house=house, owner_id=creator, upload_id=upload.id)
    assert not list(house.uploads.iterdir())


def test_the_sweep_lets_go_of_what_nobody_used_within_a_day_and_of_nothing_younger(begin, put, means, house):
    old, young = begin(10), begin(10)
    put(old, 0, b"x")
    Upload.objects.filter(id=old.id).update(begun_at_ms=means.clock.wire_ms() - DAY_MS - 1)
    for path in house.uploads.iterdir():  # a slow upload is older than what is swept without a row
        os.utime(path, (time.time() - 80_000,) * 2)
    lost = store.pending_of(house, store.begin_part(house, store.new_key(means.chance)))
    os.utime(lost, (time.time() - 80_000,) * 2)
    swept = actions.sweep_orphans(means, house)
    assert (swept.uploads, swept.leftovers) == (1, 1)
    assert [row.id for row in Upload.objects.all()] == [young.id]
    assert [path.name for path in house.uploads.iterdir()] == [Upload.objects.get().file_name]


def test_killed_in_the_middle_of_a_piece_it_goes_on_from_what_it_told(begin, far, put, house, creator, clip, tmp_path):
    data = clip.read_bytes()
    upload = begin(len(data))
    told: Path = tmp_path / "told"
    seen = kill_beside(
        __file__, verb="receive", every=2, creator_id=creator, upload=str(clip), upload_id=upload.id, told=str(told)
    )
    assert seen["wrong"] == []
    assert seen["kills"] >= 5
    received = far(upload)
    assert received >= int(told.read_text() or 0)
    put(upload, received, data[received:])
    assert store.pending_of(house, Upload.objects.get().file_name).read_bytes() == data
