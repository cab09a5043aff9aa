"""kill -9 at any point of publishing, encoding and deleting: never a row without its file, and no litter for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from attise.management.posts import actions, queries, store
from attise.management.posts.models import Post, Unpublished
from tests.killing import kill_beside

pytestmark = pytest.mark.django_db(transaction=True)
SEVEN_HOURS_S = 7 * 3_600


def killed_every(sample: int, few: int, whole: int, many: int):
    """Kill at each ``sample``-th step, where ``few`` are seen at least; at each ``whole``-th in the long run."""
    return pytest.mark.parametrize(
        ("every", "least"), [(sample, few), pytest.param(whole, many, marks=pytest.mark.long)], ids=["some", "all"]
    )


@pytest.fixture
def kill_everywhere(creator):
    """Run a verb in children that are killed one step later each time; return what was seen."""

    def run(verb: str, upload: Path, every: int) -> dict:
        return kill_beside(__file__, creator_id=creator, verb=verb, upload=str(upload), every=every)

    return run


def grow_old(folder: Path) -> None:
    """Make everything in a folder seven hours older, on the file system's own clock."""
    for path in sorted(folder.rglob("*"), reverse=True):
        at_s = path.lstat().st_mtime - SEVEN_HOURS_S
        os.utime(path, (at_s, at_s))


def nothing_is_left_over(means, house) -> None:
    """Sweep, and find exactly the files that rows speak of."""
    for folder in (house.media, house.uploads):
        grow_old(folder)
    actions.sweep_orphans(means, house)
    rows = Post.objects.exclude(state="deleted")
    keys = set(rows.filter(media__isnull=False).values_list("media__key", flat=True))
    for name in ("media__key", "edited__key"):
        keys |= set(Unpublished.objects.exclude(**{name: None}).values_list(name, flat=True))
    assert {path.name for path in house.media.glob("[a-z0-9][a-z0-9]/*")} == keys
    assert {path.name for path in house.uploads.iterdir()} == set(
        rows.filter(pending_file__gt="").values_list("pending_file", flat=True)
    )
    for name in (store.NEW, store.GONE, store.HELD):
        assert not list((house.media / name).glob("*"))


@killed_every(6, 4, 1, 25)
def test_publishing_is_whole_or_not_at_all(means, house, clip, kill_everywhere, every, least):
    seen = kill_everywhere("publish", clip, every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    nothing_is_left_over(means, house)
    for post_id in Post.objects.values_list("id", flat=True):
        assert queries.get_post(post_id).state == "live"


@killed_every(6, 2, 2, 8)
def test_publishing_a_file_to_encode_is_whole_or_not_at_all(means, house, old_clip, kill_everywhere, every, least):
    seen = kill_everywhere("publish", old_clip, every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    nothing_is_left_over(means, house)


@killed_every(15, 2, 4, 8)
def test_encoding_begins_again_wherever_it_died(means, house, old_clip, kill_everywhere, files, every, least):
    seen = kill_everywhere("encode", old_clip, every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    actions.encode_pending(means, house)
    nothing_is_left_over(means, house)
    assert set(Post.objects.values_list("state", flat=True)) == {"live"}
    assert len(files()) == 2 * Post.objects.count()


@killed_every(4, 2, 1, 8)
def test_a_deletion_that_dies_is_finished_by_the_sweep(means, house, clip, kill_everywhere, every, least):
    seen = kill_everywhere("delete", clip, every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    nothing_is_left_over(means, house)


@killed_every(12, 2, 3, 8)
def test_rendering_begins_again_wherever_it_died_and_what_was_sent_stays(
    means, house, clip, kill_everywhere, every, least
):
    seen = kill_everywhere("render", clip, every)
    assert seen["wrong"] == []
    assert seen["kills"] >= least
    Unpublished.objects.update(rendering_tries=0)
    actions.render_pending(means, house)
    nothing_is_left_over(means, house)
    for one_id in Unpublished.objects.values_list("id", flat=True):
        one = queries.get_unpublished(one_id)
        assert (one.editing, one.media.duration_ms, abs(one.edited.duration_ms - 1_100) <= 34) == ("done", 2_000, True)
