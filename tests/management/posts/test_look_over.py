"""What was published is looked over by the worker: once, whoever else does, and never in anybody's way."""

from __future__ import annotations

import msgspec
import pytest

from attise.management.posts import actions, store
from attise.management.posts.actions import look_over
from attise.management.posts.media.clips import make_clip
from attise.management.posts.models import Preflight
from attise.management.posts.preflight.looking import Seen
from attise.management.posts.queries import find_preflight, get_post

pytestmark = pytest.mark.django_db


def stand(post_id: int):
    return find_preflight(get_post(post_id))


def test_a_video_waits_is_looked_over_and_told_with_the_caption_of_the_moment(means, house, host, creator, publish):
    post = publish(caption="Pâtes au citron")
    assert stand(post.id).state == "waiting"
    assert actions.look_over_pending(means, house) == 1
    found = stand(post.id)
    assert found.state == "done"
    checks = {check.name: check for check in found.report.checks}
    assert (checks["duration"].value, checks["first_person"].verdict) == (2.0, "look_again")
    assert found.report.ready == "1/5"
    actions.edit_post(means, host, post_id=post.id, creator_id=creator, caption="Mes pâtes au citron. Et toi ?")
    assert stand(post.id).report.ready == "3/5"
    assert actions.look_over_pending(means, house) == 0, "what is done is not done again"
    assert msgspec.convert(Preflight.objects.get().seen, Seen).video.duration_ms == 2_000
    assert not list((house.media / store.NEW).iterdir())


def test_pictures_and_posts_of_before_have_nothing_to_tell(means, house, publish, photo):
    post = publish(upload=photo, format="carousel")
    assert stand(post.id).state == "none"
    assert actions.look_over_pending(means, house) == 0


def test_a_video_that_is_encoded_is_looked_over_afterwards(means, house, publish, old_clip):
    post = publish(upload=old_clip)
    assert (post.state, stand(post.id).state) == ("processing", "waiting")
    assert actions.look_over_pending(means, house) == 0
    assert actions.encode_pending(means, house) == 1
    assert actions.look_over_pending(means, house) == 1
    assert stand(post.id).state == "done"


def test_the_newest_post_is_looked_over_first(means, house, publish, tmp_path):
    """Whoever has just published waits for nobody's older posts."""
    other = tmp_path / "other.mp4"
    make_clip(other, seconds=1, seed=2, style="dunes", width=144, height=256)
    older, newest = publish(), publish(upload=other)
    assert actions.look_over_pending(means, house, most=1) == 1
    assert (stand(newest.id).state, stand(older.id).state) == ("done", "waiting")
    assert actions.look_over_pending(means, house, most=1) == 1
    assert stand(older.id).state == "done"


def test_a_file_is_looked_over_once_for_all_the_posts_that_wait_with_it(means, house, publish, monkeypatch):
    first = publish()
    second = publish(upload=None, media_id=first.media.id)
    real, looks = look_over.watch_and_hear, []

    def looked(*arguments, **named):
        looks.append(arguments[0])
        return real(*arguments, **named)

    monkeypatch.setattr(look_over, "watch_and_hear", looked)
    assert actions.look_over_pending(means, house) == 2
    assert (stand(first.id).state, stand(second.id).state) == ("done", "done")
    assert len(looks) == 1
    assert actions.look_over_pending(means, house) == 0


def test_what_is_seen_goes_with_the_post(means, house, host, creator, publish):
    post = publish()
    assert Preflight.objects.exists()
    actions.delete_post(means, host, house=house, post_id=post.id, creator_id=creator)
    assert not Preflight.objects.exists()
    assert stand(post.id).state == "none"


def test_a_file_that_ends_every_look_is_given_up(means, house, publish, monkeypatch):
    """A process that is killed within a look leaves a counted try, and nothing else."""
    post = publish()

    class Killed(BaseException):
        pass

    def die(*_arguments, **_named):
        raise Killed

    monkeypatch.setattr(look_over, "watch_and_hear", die)
    for number in range(1, look_over.TRIES + 1):
        with pytest.raises(Killed):
            actions.look_over_pending(means, house)
        assert Preflight.objects.get().tries == number
        assert actions.look_over_pending(means, house) == 0, "a try that may still be under way is left alone"
        means.clock.advance(seconds=look_over.LOST_MS / 1_000 + 1)
    assert actions.look_over_pending(means, house) == 1
    found = stand(post.id)
    assert (found.state, found.reason) == ("failed", look_over.GIVEN_UP)


def test_a_file_that_is_broken_on_the_disk_is_told_by_its_rule(means, house, publish):
    post = publish()
    path = store.folder_of(house, post.media.key) / post.media.file_name
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:2_000])
    assert actions.look_over_pending(means, house) == 1
    found = stand(post.id)
    assert (found.state, found.reason) == ("failed", "media_incomplete")


def test_two_processes_do_not_look_at_one_video(means, house, publish, monkeypatch):
    """The second comes while the first is looking: it finds nothing to do."""
    publish()
    real, within = look_over.watch_and_hear, []

    def looked(*arguments, **named):
        within.append(actions.look_over_pending(means, house))
        return real(*arguments, **named)

    monkeypatch.setattr(look_over, "watch_and_hear", looked)
    assert actions.look_over_pending(means, house) == 1
    assert within == [0]
