"""What others see of the library: plain values, made from rows."""

from __future__ import annotations

from dataclasses import dataclass

from attise.management.library.models import Identity, Image, Portfolio, Video
from attise.management.library.rules import PortfolioItem
from attise.management.posts.views import MediaView, view_media
from attise.records.lookups import call_to_actions


@dataclass(frozen=True, slots=True)
class VideoView:
    """A video uploaded for ads. ``material_id`` is its other name in the dialect; its signature is in ``media``."""

    video_id: str
    material_id: int
    advertiser_id: int
    file_name: str
    media: MediaView
    created_at_ms: int
    modified_at_ms: int


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image uploaded for ads."""

    image_id: str
    material_id: int
    advertiser_id: int
    file_name: str
    media: MediaView
    created_at_ms: int
    modified_at_ms: int


@dataclass(frozen=True, slots=True)
class IdentityView:
    """A name and a picture without an account; ``id`` stays in the house, ``identity_id`` leaves it."""

    id: int
    identity_id: str
    advertiser_id: int
    display_name: str
    image: ImageView | None
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """A set of buttons, in the order its maker gave them."""

    id: int
    advertiser_id: int
    items: tuple[PortfolioItem, ...]
    created_at_ms: int

    @property
    def calls(self) -> tuple[str, ...]:
        """The codes of its buttons."""
        found = (call_to_actions.by_id(call_id) for item in self.items for call_id in item.call_ids)
        return tuple(row.code for row in found if row is not None)


def view_video(row: Video) -> VideoView:
    """Return the view of a video's row; cheap when its media came with it."""
    return VideoView(
        video_id=row.video_id,
        material_id=row.id,
        advertiser_id=row.advertiser_id,
        file_name=row.file_name,
        media=view_media(row.media),
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
    )


def view_image(row: Image) -> ImageView:
    """Return the view of an image's row; cheap when its media came with it."""
    return ImageView(
        image_id=row.image_id,
        material_id=row.id,
        advertiser_id=row.advertiser_id,
        file_name=row.file_name,
        media=view_media(row.media),
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
    )


def view_identity(row: Identity) -> IdentityView:
    """Return the view of an identity's row; cheap when its image and that one's media came with it."""
    return IdentityView(
        id=row.id,
        identity_id=row.identity_id,
        advertiser_id=row.advertiser_id,
        display_name=row.display_name,
        image=None if row.image is None else view_image(row.image),
        created_at_ms=row.created_at_ms,
    )


def view_portfolio(row: Portfolio) -> PortfolioView:
    """Return the view of a set of buttons."""
    return PortfolioView(
        id=row.id,
        advertiser_id=row.advertiser_id,
        items=tuple(PortfolioItem(item["content"], tuple(item["call_ids"])) for item in row.contents),
        created_at_ms=row.created_at_ms,
    )
