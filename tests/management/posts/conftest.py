"""A house with a creator, and real video files to publish."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from attise.kernel.actor import Actor
from attise.management.posts import actions
from attise.management.posts.actions import PostDraft


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A real mp4 of two seconds."""
    from attise.management.posts.media.clips import make_clip

    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=2, seed=1, style="aurora")
    return path


@pytest.fixture
def house():
    """The house of the test run, with nothing in its media and uploads folders before and after."""
    from django.conf import settings

    house = settings.HOUSE
    yield house
    for folder in (house.media, house.uploads):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)


@pytest.fixture
def host() -> Actor:
    return Actor("host", 1)


@pytest.fixture
def creator(means) -> int:
    return make_creator(means, "lea")


def make_creator(means, handle: str, **facts) -> int:
    from attise.management.accounts.models import Creator

    row = Creator.objects.create(
        id=means.ids.next(), handle=handle, display_name=handle.title(), created_at_ms=means.clock.world_ms(), **facts
    )
    return row.id


@pytest.fixture
def publish(means, house, host, creator, clip):
    """Publish a post of the creator: ``publish(caption=…, creator_id=…)``."""

    def publish(*, creator_id: int = creator, upload: Path | None = clip, may_date: bool = False, **draft):
        return actions.publish_post(
            means,
            host,
            house=house,
            creator_id=creator_id,
            draft=PostDraft(**draft),
            upload=upload,
            may_date=may_date,
        )

    return publish
