"""Reads of an advertiser's library: one statement for a list of ids, two for a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Cast

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.ids import BOUND
from attise.kernel.paging import NumberedPage
from attise.kernel.text import is_storable
from attise.management.library import rules
from attise.management.library.errors import SORT_UNKNOWN
from attise.management.library.models import Identity, Image, Portfolio, Video
from attise.management.library.views import (
    IdentityView,
    ImageView,
    PortfolioView,
    VideoView,
    view_identity,
    view_image,
    view_portfolio,
    view_video,
)

Row = TypeVar("Row")
View = TypeVar("View")

SORT_FIELDS = {
    "create_time": "created_at_ms",
    "modify_time": "modified_at_ms",
    "file_name": "file_name",
    "duration": "media__duration_ms",
    "size": "media__size_bytes",
}
"""What a search may be sorted by, under the names the dialect gives them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search keeps; None keeps everything. All of them hold together.

    ``ratios`` (width over height, thousandths) keep what is within 0.05 of one of them.
    """

    ids: Collection[str] | None = None
    """Video ids or image ids."""
    material_ids: Collection[int] | None = None
    name: str = ""
    """A part of the file name, whatever its case."""
    width: int | None = None
    height: int | None = None
    ratios: Collection[int] | None = None
    displayable: bool | None = None
    """Everything here can be shown, so that False keeps nothing."""


NO_FILTERS = Filters()


def get_video(advertiser_id: int, video_id: str) -> VideoView:
    """Return a video of the advertiser. Raises: ``not_found``."""
    return _one(list_videos(advertiser_id, [video_id]), "video_id")


def list_videos(advertiser_id: int, video_ids: Iterable[str]) -> list[VideoView]:
    """Return the advertiser's videos of these ids, in the order asked, each once; others do not exist."""
    wanted = _askable(video_ids)
    found = {row.video_id: view_video(row) for row in _videos(advertiser_id).filter(video_id__in=wanted)}
    return [found[video_id] for video_id in wanted if video_id in found]


def search_videos(
    advertiser_id: int,
    filters: Filters = NO_FILTERS,
    *,
    sort: str = "create_time",
    descending: bool = True,
    page: int = 1,
    page_size: int = 20,
) -> NumberedPage[VideoView]:
    """Return a page of the advertiser's videos. Raises: ``sort_unknown``."""
    rows = _sorted(_filtered(_videos(advertiser_id), filters, "video_id"), sort, descending=descending)
    return _page(rows, view_video, page, page_size)


def get_image(advertiser_id: int, image_id: str) -> ImageView:
    """Return an image of the advertiser. Raises: ``not_found``."""
    return _one(list_images(advertiser_id, [image_id]), "image_id")


def list_images(advertiser_id: int, image_ids: Iterable[str]) -> list[ImageView]:
    """Return the advertiser's images of these ids, in the order asked, each once; others do not exist."""
    wanted = _askable(image_ids)
    found = {row.image_id: view_image(row) for row in _images(advertiser_id).filter(image_id__in=wanted)}
    return [found[image_id] for image_id in wanted if image_id in found]


def search_images(
    advertiser_id: int,
    filters: Filters = NO_FILTERS,
    *,
    sort: str = "create_time",
    descending: bool = True,
    page: int = 1,
    page_size: int = 20,
) -> NumberedPage[ImageView]:
    """Return a page of the advertiser's images. Raises: ``sort_unknown``."""
    rows = _sorted(_filtered(_images(advertiser_id), filters, "image_id"), sort, descending=descending)
    return _page(rows, view_image, page, page_size)


def get_identity(advertiser_id: int, identity_id: str) -> IdentityView:
    """Return an identity of the advertiser that is not deleted. Raises: ``not_found``."""
    found = find_identity(advertiser_id, identity_id)
    return _one([] if found is None else [found], "identity_id")


def find_identity(advertiser_id: int, identity_id: str) -> IdentityView | None:
    """Return an identity of the advertiser that is not deleted, or None."""
    if not is_storable(identity_id):
        return None
    row = _identities(advertiser_id).filter(identity_id=identity_id).first()
    return None if row is None else view_identity(row)


def list_identities(
    advertiser_id: int, *, keyword: str = "", page: int = 1, page_size: int = 20
) -> NumberedPage[IdentityView]:
    """Return a page of the advertiser's identities, newest first; ``keyword`` is a part of their name."""
    rows = _identities(advertiser_id)
    if not is_storable(keyword):
        rows = rows.none()
    elif keyword:
        rows = rows.filter(display_name__icontains=keyword)
    return _page(rows.order_by("-id"), view_identity, page, page_size)


def get_portfolio(advertiser_id: int, portfolio_id: int) -> PortfolioView:
    """Return a set of buttons of the advertiser. Raises: ``not_found``."""
    rows = Portfolio.objects.filter(advertiser_id=advertiser_id, id=portfolio_id) if 0 < portfolio_id < BOUND else []
    return _one([view_portfolio(row) for row in rows], "portfolio_id")


def list_portfolios(
    advertiser_id: int, *, ids: Collection[int] | None = None, page: int = 1, page_size: int = 20
) -> NumberedPage[PortfolioView]:
    """Return a page of the advertiser's sets of buttons, newest first, or of those of these ids."""
    rows = Portfolio.objects.filter(advertiser_id=advertiser_id)
    if ids is not None:
        rows = rows.filter(id__in=[one for one in ids if 0 < one < BOUND])
    return _page(rows.order_by("-id"), view_portfolio, page, page_size)


def _videos(advertiser_id: int) -> QuerySet[Video]:
    return Video.objects.select_related("media").filter(advertiser_id=advertiser_id)


def _images(advertiser_id: int) -> QuerySet[Image]:
    return Image.objects.select_related("media").filter(advertiser_id=advertiser_id)


def _identities(advertiser_id: int) -> QuerySet[Identity]:
    rows = Identity.objects.select_related("image__media")
    return rows.filter(advertiser_id=advertiser_id, deleted_at_ms__isnull=True)


def _askable(texts: Iterable[str]) -> list[str]:
    """Return texts in their order, each once, without those that no database can hold."""
    return [text for text in dict.fromkeys(texts) if is_storable(text)]


def _filtered(rows: QuerySet[Any], filters: Filters, id_field: str) -> QuerySet[Any]:
    """Keep what the filters keep; what no row can be is not asked for."""
    kept: dict[str, object] = {
        f"{id_field}__in": None if filters.ids is None else _askable(filters.ids),
        "id__in": None if filters.material_ids is None else [one for one in filters.material_ids if 0 < one < BOUND],
        "media__width": filters.width,
        "media__height": filters.height,
        "file_name__icontains": filters.name or None,
    }
    if filters.displayable is False or not is_storable(filters.name):
        return rows.none()
    rows = rows.filter(**{name: value for name, value in kept.items() if value is not None})
    if filters.ratios is not None:
        rows = _of_ratios(rows, [one for one in filters.ratios if 0 < one < rules.LARGEST_RATIO])
    return rows


def _of_ratios(rows: QuerySet[Any], ratios: Collection[int]) -> QuerySet[Any]:
    """Keep what is near one of the ratios, in whole numbers: width × 1000 against height × ratio."""
    whole = BigIntegerField()
    height = Cast("media__height", whole)
    rows = rows.annotate(width_1000=ExpressionWrapper(Cast("media__width", whole) * 1000, output_field=whole))
    near = Q(pk__in=[])
    for place, ratio in enumerate(ratios):
        low, high = f"low_{place}", f"high_{place}"
        rows = rows.annotate(
            **{
                low: ExpressionWrapper(height * (ratio - rules.RATIO_MARGIN), output_field=whole),
                high: ExpressionWrapper(height * (ratio + rules.RATIO_MARGIN), output_field=whole),
            }
        )
        near |= Q(width_1000__gte=F(low), width_1000__lte=F(high))
    return rows.filter(near)


def _sorted(rows: QuerySet[Any], sort: str, *, descending: bool) -> QuerySet[Any]:
    """Sort rows; those that are equal, by age."""
    if sort not in SORT_FIELDS:
        raise Refusal(SORT_UNKNOWN, field="sort_field", choices=", ".join(SORT_FIELDS))
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{SORT_FIELDS[sort]}", f"{sign}id")


def _page(rows: QuerySet[Any], view: Callable[[Any], View], page: int, page_size: int) -> NumberedPage[View]:
    """Return one page and the exact total. Cost: two statements, one past the end."""
    total = rows.count()
    first = (page - 1) * page_size
    items = [view(row) for row in rows[first : first + page_size]] if first < total else []
    return NumberedPage(items, page, page_size, total)


def _one(found: list[View], field: str) -> View:
    """Return the only one. Raises: ``not_found``."""
    if not found:
        raise Refusal(NOT_FOUND, field=field)
    return found[0]
