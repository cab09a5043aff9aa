"""What has no row goes, when it is old enough that none can come any more; what has one stays."""

from __future__ import annotations

import os

import pytest

from attise.kernel.limits import HOUR_MS
from attise.management.posts import actions, queries, store
from attise.management.posts.actions.sweep import OLDER_THAN_MS, Swept
from attise.management.posts.models import Post

pytestmark = pytest.mark.django_db(transaction=True)


def age(path, hours) -> None:
    at_s = path.stat().st_mtime - hours * 3_600
    os.utime(path, (at_s, at_s))


def litter(house) -> list:
    """Leave what every sort of crash leaves."""
    key = "a" * 26
    made = [
        house.media / key[:2] / key,
        house.media / store.NEW / key,
        house.media / store.NEW / f"{key}.ready",
        house.media / store.GONE / ("b" * 26),
        house.uploads / "media-abc",
    ]
    for folder in made:
        folder.mkdir(parents=True)
        (folder / "video.mp4").write_bytes(b"x")
    uploads = [house.uploads / "tmp1.upload.mp4", house.uploads / f"{key}.pending"]
    for path in uploads:
        path.write_bytes(b"x")
    return made + uploads


def test_litter_goes_when_it_is_old_and_not_before(means, house):
    made = litter(house)
    assert actions.sweep_orphans(means, house) == Swept()
    for path in made:
        age(path, OLDER_THAN_MS / HOUR_MS - 0.1)
    assert actions.sweep_orphans(means, house) == Swept()
    for path in made:
        age(path, 0.2)
    assert actions.sweep_orphans(means, house) == Swept(orphans=1, leftovers=6)
    assert not any(path.exists() for path in made)


def test_what_has_a_row_stays_however_old(means, house, publish, old_clip, files):
    publish()
    publish(upload=old_clip)
    before = files()
    for path in [*house.media.glob("??/*"), *house.uploads.iterdir()]:
        age(path, 1_000)
    assert actions.sweep_orphans(means, house) == Swept()
    assert files() == before
    assert actions.encode_pending(means, house) == 1


def test_files_of_a_deleted_post_go_whatever_their_age(means, house, publish, files):
    post = publish()
    Post.objects.filter(id=post.id).update(state="deleted")  # as a crash right after the commit leaves it
    assert actions.sweep_orphans(means, house) == Swept(orphans=1)
    assert not files()


def test_files_follow_what_moderation_said(means, house, publish, files):
    post = publish()
    Post.objects.filter(id=post.id).update(state="removed")  # as above
    assert actions.sweep_orphans(means, house) == Swept(moved=1)
    assert all(name.startswith(store.HELD) for name in files())
    assert actions.sweep_orphans(means, house) == Swept()
    Post.objects.filter(id=post.id).update(state="live")
    assert actions.sweep_orphans(means, house) == Swept(moved=1)
    media = queries.get_post(post.id).media
    assert (house.media / media.key[:2] / media.key / media.file_name).is_file()


def test_a_sweep_costs_four_queries_for_many_files(means, house, publish, django_assert_num_queries):
    for _ in range(3):
        publish()
    with django_assert_num_queries(4):
        actions.sweep_orphans(means, house)


def test_an_empty_house_is_swept(means, house):
    assert actions.sweep_orphans(means, house) == Swept()


def test_what_is_not_ours_is_left_alone(means, house):
    theirs = [house.media / "README.txt", house.media / "aa" / "notes.txt", house.media / "lost+found" / ("b" * 26)]
    for path in theirs:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        age(path, 1_000)
    actions.sweep_orphans(means, house)
    assert all(path.exists() for path in theirs)
