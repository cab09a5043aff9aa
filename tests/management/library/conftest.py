"""An advertiser with a house to upload to; files are those that posts are tested with."""

from __future__ import annotations

import pytest

from attise.management.library import actions
from tests.builders import an_advertiser
from tests.management.posts.conftest import clip, files, host, house, old_clip, photo

__all__ = ["clip", "files", "host", "house", "old_clip", "photo"]


@pytest.fixture
def advertiser(means) -> int:
    return an_advertiser(means).id


@pytest.fixture
def rival(means) -> int:
    return an_advertiser(means, "Rivale").id


@pytest.fixture
def upload(means, host, house, advertiser, clip):
    """Upload a video: ``upload(file_name=…, advertiser_id=…)``."""

    def upload(path=clip, *, advertiser_id=advertiser, file_name="clip.mp4", signature=None):
        return actions.upload_video(
            means,
            host,
            house=house,
            advertiser_id=advertiser_id,
            upload=path,
            file_name=file_name,
            signature=signature,
        )

    return upload


@pytest.fixture
def upload_image(means, host, house, advertiser, photo):
    """Upload an image likewise."""

    def upload_image(path=photo, *, advertiser_id=advertiser, file_name="photo.png", signature=None):
        return actions.upload_image(
            means,
            host,
            house=house,
            advertiser_id=advertiser_id,
            upload=path,
            file_name=file_name,
            signature=signature,
        )

    return upload_image
