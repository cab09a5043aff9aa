"""A video that no browser plays is encoded by the worker: exactly once, whatever happens to the worker."""

from __future__ import annotations

import fcntl
import hashlib
import threading

import pytest
from django.db import connection

from attise.kernel.actor import Actor
from attise.kernel.errors import Outage, Refusal
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from attise.management.posts import actions, queries
from attise.management.posts.media import encoding
from attise.management.posts.models import Media, Post

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_file(house, post_id):
    return house.uploads / Post.objects.get(id=post_id).pending_file


def notices(creator) -> list[str]:
    return [notice.kind for notice in outbox.list_notices("creator", creator).items]


def test_a_post_waits_for_its_file_and_then_lives(means, house, publish, old_clip, files):
    post = publish(upload=old_clip)
    assert (post.state, post.media) == ("processing", None)
    assert not Change.objects.exists()
    assert waiting_file(house, post.id).read_bytes() == old_clip.read_bytes()
    assert actions.encode_pending(means, house) == 1
    after = queries.get_post(post.id)
    assert (after.state, after.media.file_name, after.media.video_codec) == ("live", "video.mp4", "h264")
    stored = house.media / after.media.key[:2] / after.media.key / after.media.file_name
    assert hashlib.md5(stored.read_bytes()).hexdigest() == after.media.signature_md5
    assert len(files()) == 2
    assert not list(house.uploads.iterdir())
    assert list(Change.objects.values_list("kind", "object_id")) == [("post_changed", post.id)]
    assert notices(post.creator_id) == ["post_ready"]
    assert actions.encode_pending(means, house) == 0


def test_an_upload_of_the_house_is_kept_though_its_door_removes_it(means, house, publish, old_clip):
    upload = house.uploads / "tmp1.upload.mp4"
    upload.write_bytes(old_clip.read_bytes())
    post = publish(upload=upload)
    upload.unlink()
    assert actions.encode_pending(means, house) == 1
    assert queries.get_post(post.id).state == "live"


def test_a_file_that_turns_out_bad_removes_the_post_and_tells_why(means, house, publish, old_clip):
    post = publish(upload=old_clip)
    waiting_file(house, post.id).write_bytes(b"not what it was")
    assert actions.encode_pending(means, house) == 1
    after = queries.get_post(post.id)
    assert (after.state, after.state_reason) == ("removed", "media_container_not_allowed")
    assert notices(post.creator_id) == ["post_not_encoded"]
    assert not list(house.uploads.iterdir())
    assert actions.encode_pending(means, house) == 0


def test_a_file_that_is_lost_removes_the_post(means, house, publish, old_clip):
    post = publish(upload=old_clip)
    waiting_file(house, post.id).unlink()
    assert actions.encode_pending(means, house) == 1
    assert queries.get_post(post.id).state == "removed"


def test_a_post_without_a_file_is_not_let_live(means, host, house, publish, old_clip):
    post = publish(upload=old_clip)
    waiting_file(house, post.id).unlink()
    actions.encode_pending(means, house)
    with pytest.raises(Refusal) as refused:
        actions.moderate_post(means, host, house=house, post_id=post.id, state="live")
    assert refused.value.code == "post_has_no_file"


def test_a_file_that_ends_the_worker_each_time_is_given_up(means, house, publish, old_clip):
    post = publish(upload=old_clip)
    for _ in range(3):
        # A worker that died after it had counted its try, as a kill in the middle of encoding leaves it.
        Post.objects.filter(id=post.id).update(encoding_tries=Post.objects.get(id=post.id).encoding_tries + 1)
    assert actions.encode_pending(means, house) == 1
    after = queries.get_post(post.id)
    assert (after.state, after.state_reason) == ("removed", "encoding_failed")
    assert not list(house.uploads.iterdir())


def test_an_outage_counts_no_try(means, house, publish, old_clip, monkeypatch):
    post = publish(upload=old_clip)
    monkeypatch.setattr(encoding, "ffmpeg_binary", no_ffmpeg)
    for _ in range(4):
        with pytest.raises(Outage):
            actions.encode_pending(means, house)
    assert Post.objects.get(id=post.id).encoding_tries == 0
    monkeypatch.undo()
    assert actions.encode_pending(means, house) == 1
    assert queries.get_post(post.id).state == "live"


def no_ffmpeg() -> str:
    raise Outage("no ffmpeg to encode with")


def test_moderation_is_kept_through_encoding(means, host, house, publish, old_clip):
    post = publish(upload=old_clip)
    actions.moderate_post(means, host, house=house, post_id=post.id, state="hidden", reason="doute")
    assert actions.encode_pending(means, house) == 1
    assert queries.get_post(post.id).state == "hidden"
    other = publish(upload=old_clip)
    actions.moderate_post(means, host, house=house, post_id=other.id, state="hidden", reason="doute")
    view = actions.moderate_post(means, host, house=house, post_id=other.id, state="live")
    assert view.state == "processing"


def test_a_post_deleted_meanwhile_stays_deleted(means, house, publish, old_clip, files):
    post = publish(upload=old_clip)
    actions.delete_post(means, Actor("host", 1), house=house, post_id=post.id)
    assert not list(house.uploads.iterdir())
    assert actions.encode_pending(means, house) == 0
    assert not files()


def test_a_file_that_another_worker_holds_is_left_to_it(means, house, publish, old_clip):
    post = publish(upload=old_clip)
    with waiting_file(house, post.id).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert actions.encode_pending(means, house) == 0
    assert Post.objects.get(id=post.id).encoding_tries == 0
    assert actions.encode_pending(means, house) == 1


def test_race_three_workers_encode_a_file_once(means, house, publish, old_clip, files):
    post = publish(upload=old_clip)
    start, finished = threading.Barrier(3), []

    def work():
        try:
            start.wait()
            finished.append(actions.encode_pending(means, house))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(finished) == [0, 0, 1]
    assert (Media.objects.count(), len(files())) == (1, 2)
    assert queries.get_post(post.id).state == "live"
    assert notices(post.creator_id) == ["post_ready"]
