"""A house with a creator, and real video files to publish."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attise.kernel.actor import Actor
from attise.management.posts import actions
from attise.management.posts.actions import PostDraft
from attise.management.posts.media.clips import make_clip


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A real mp4 of two seconds."""
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=2, seed=1, style="aurora")
    return path


@pytest.fixture(scope="session")
def old_clip(tmp_path_factory) -> Path:
    """A real video that no browser plays: MPEG-4 part 2 in an mp4."""
    import av

    path = tmp_path_factory.mktemp("clips") / "old.mp4"
    with av.open(str(path), "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 160, "yuv420p"
        for _ in range(30):
            target.mux(stream.encode(av.VideoFrame(96, 160, "yuv420p")))
        target.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def photo(tmp_path_factory) -> Path:
    """A real png."""
    import av

    path = tmp_path_factory.mktemp("photos") / "photo.png"
    with av.open(str(path), "w", format="image2") as target:
        stream = target.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        target.mux(stream.encode(av.VideoFrame(64, 64, "rgb24")))
        target.mux(stream.encode())
    return path


@pytest.fixture
def house():
    """The house of the test run, with nothing in its media and uploads folders before and after."""
    from django.conf import settings

    house = settings.HOUSE
    for _ in _empty(house):
        yield house


def _empty(house):
    """Empty the folders, give way to the test, and empty them again: other rooms' tests store files here too."""
    for moment in ("before", "after"):
        for folder in (house.media, house.uploads):
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
        if moment == "before":
            yield


@pytest.fixture
def host() -> Actor:
    return Actor("host", 1)


@pytest.fixture
def make_creator(means):
    """Make a creator by handle and return its id."""

    def make(handle: str, **facts) -> int:
        from attise.management.accounts.models import Creator

        now = means.clock.world_ms()
        row = Creator(id=means.ids.next(), handle=handle, display_name=handle.title(), created_at_ms=now, **facts)
        row.save(force_insert=True)
        return row.id

    return make


@pytest.fixture
def creator(make_creator) -> int:
    return make_creator("lea")


@pytest.fixture
def publish(means, house, host, creator, clip):
    """Publish a post of the creator: ``publish(caption=…, creator_id=…)``."""

    def publish(
        *, creator_id=creator, upload=clip, media_id=None, more=(), may_date=False, in_house=house, keep=None, **draft
    ):
        return actions.publish_post(
            means,
            host,
            house=in_house,
            creator_id=creator_id,
            draft=PostDraft(**draft),
            upload=upload,
            media_id=media_id,
            more=more,
            may_date=may_date,
            keep=keep,
        )

    return publish


@pytest.fixture
def files(house):
    """Tell the files stored since the test began, by their path under the media folder; others may have left some."""

    def there() -> set[str]:
        return {str(path.relative_to(house.media)) for path in house.media.rglob("*") if path.is_file()}

    before = there()
    return lambda: there() - before
