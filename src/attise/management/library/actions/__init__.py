"""What happens in this room, one module per verb."""

from attise.management.library.actions.identity import create_identity, delete_identity, name_identity
from attise.management.library.actions.portfolio import create_portfolio
from attise.management.library.actions.upload import (
    keep_video,
    upload_image,
    upload_image_from,
    upload_video,
    upload_video_from,
)

__all__ = [
    "create_identity",
    "create_portfolio",
    "delete_identity",
    "keep_video",
    "name_identity",
    "upload_image",
    "upload_image_from",
    "upload_video",
    "upload_video_from",
]
