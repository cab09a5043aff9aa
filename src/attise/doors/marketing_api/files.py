"""Files: the videos and images that an advertiser uploads for its ads.

Files arrive in multipart forms, or are fetched from an address under the house's rules for others' servers.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint, stored_path
from attise.doors.marketing_api.links import expiry_of, frame_of, poster_of, preview_of
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Between, Id, Items, Length, Thousandths, Upload
from attise.doors.marketing_api.wire.lists import LARGEST_PAGE, page_info
from attise.doors.marketing_api.wire.times import iso_time
from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import FILE_LINK_LIFE_MS
from attise.management.accounts.rules import Permission, Scope
from attise.management.library import actions, queries
from attise.management.library.queries import Filters
from attise.management.library.views import ImageView, VideoView
from attise.management.posts.actions import take_frames
from attise.management.posts.views import MediaView

UPLOADS = Advertiser(Permission.EDIT_LIBRARY)
SPELLED_VIDEO = {"file": "video_file", "signature": "video_signature", "url": "video_url"}
SPELLED_IMAGE = {"file": "image_file", "signature": "image_signature", "url": "image_url"}
NO_FILE_IDS = N_("files have no ids of their own here: send the file, or its address")
FileName = Annotated[str, Length(1, 100)]
FileId = Annotated[str, Length(1, 80)]
PageNumber = Annotated[int, Between(1, LARGEST_PAGE)]
PageSize = Annotated[int, Between(1, 1000)]
Side = Annotated[int, Between(1, 100_000)]
SortType = Literal["ASC", "DESC"]


class _UploadVideo(Params):
    advertiser_id: Id
    upload_type: Literal["UPLOAD_BY_FILE", "UPLOAD_BY_URL", "UPLOAD_BY_FILE_ID", "UPLOAD_BY_VIDEO_ID"] = (
        "UPLOAD_BY_FILE"
    )
    video_file: Upload | None = None
    video_signature: str | None = None
    video_url: str | None = None
    video_id: FileId | None = None
    file_name: FileName | None = None
    is_third_party: bool = False
    flaw_detect: bool = False
    auto_fix_enabled: bool = False
    auto_bind_enabled: bool = False


@endpoint("POST", "file/video/ad/upload", needs=UPLOADS, scope=Scope.CREATIVE, spelled=SPELLED_VIDEO)
def upload_video(call: Call, params: _UploadVideo) -> Data:
    """Keep a video; the answer is a list of one, as the dialect has it."""
    if params.upload_type == "UPLOAD_BY_FILE_ID":
        raise Refusal(errors.NOT_TAKEN_HERE, field="upload_type", rule=NO_FILE_IDS)
    if params.upload_type == "UPLOAD_BY_VIDEO_ID":
        video = queries.get_video(params.advertiser_id, _given(params.video_id, "video_id"))
    elif params.upload_type == "UPLOAD_BY_URL":
        url = _given(params.video_url, "video_url")
        video = actions.upload_video_from(
            call.means,
            call.actor,
            house=settings.HOUSE,
            advertiser_id=params.advertiser_id,
            url=url,
            file_name=params.file_name or _name_in(url),
        )
    else:
        file = _given(params.video_file, "video_file")
        video = actions.upload_video(
            call.means,
            call.actor,
            house=settings.HOUSE,
            advertiser_id=params.advertiser_id,
            upload=stored_path(file),
            file_name=params.file_name or file.name or "video",
            signature=params.video_signature or None,
        )
    return [_video_row(call, video)]


class _ReadVideos(Params):
    advertiser_id: Id
    video_ids: Annotated[list[FileId], Items(1, 60)]


@endpoint("GET", "file/video/ad/info", needs=Advertiser(), scope=Scope.CREATIVE)
def read_videos(call: Call, params: _ReadVideos) -> Data:
    """Tell the advertiser's videos of these ids; others have no row."""
    return {"list": [_video_row(call, one) for one in queries.list_videos(params.advertiser_id, params.video_ids)]}


class _VideoFilter(Params):
    video_ids: Annotated[list[FileId], Items(0, 100)] | None = None
    material_ids: Annotated[list[Id], Items(0, 20)] | None = None
    video_name: Annotated[str, Length(0, 100)] = ""
    displayable: bool | None = None
    width: Side | None = None
    height: Side | None = None
    ratio: Annotated[list[Thousandths], Items(0, 10)] | None = None


class _SearchVideos(Params):
    advertiser_id: Id
    filtering: _VideoFilter = _VideoFilter()
    sort_field: str = "create_time"
    sort_type: SortType = "DESC"
    page: PageNumber = 1
    page_size: PageSize = 20


@endpoint("GET", "file/video/ad/search", needs=Advertiser(), scope=Scope.CREATIVE)
def search_videos(call: Call, params: _SearchVideos) -> Data:
    """List the advertiser's videos, newest first unless asked otherwise."""
    asked = params.filtering
    page = queries.search_videos(
        params.advertiser_id,
        Filters(
            ids=asked.video_ids,
            material_ids=asked.material_ids,
            name=asked.video_name,
            width=asked.width,
            height=asked.height,
            ratios=asked.ratio,
            displayable=asked.displayable,
        ),
        sort=params.sort_field,
        descending=params.sort_type == "DESC",
        page=params.page,
        page_size=params.page_size,
    )
    return {"list": [_video_row(call, one) for one in page.items], "page_info": page_info(page)}


class _UploadImage(Params):
    advertiser_id: Id
    upload_type: Literal["UPLOAD_BY_FILE", "UPLOAD_BY_URL", "UPLOAD_BY_FILE_ID"] = "UPLOAD_BY_FILE"
    image_file: Upload | None = None
    image_signature: str | None = None
    image_url: str | None = None
    file_name: FileName | None = None


@endpoint("POST", "file/image/ad/upload", needs=UPLOADS, scope=Scope.CREATIVE, spelled=SPELLED_IMAGE)
def upload_image(call: Call, params: _UploadImage) -> Data:
    """Keep an image; the answer is the image itself, not a list."""
    if params.upload_type == "UPLOAD_BY_FILE_ID":
        raise Refusal(errors.NOT_TAKEN_HERE, field="upload_type", rule=NO_FILE_IDS)
    if params.upload_type == "UPLOAD_BY_URL":
        url = _given(params.image_url, "image_url")
        image = actions.upload_image_from(
            call.means,
            call.actor,
            house=settings.HOUSE,
            advertiser_id=params.advertiser_id,
            url=url,
            file_name=params.file_name or _name_in(url),
        )
    else:
        file = _given(params.image_file, "image_file")
        image = actions.upload_image(
            call.means,
            call.actor,
            house=settings.HOUSE,
            advertiser_id=params.advertiser_id,
            upload=stored_path(file),
            file_name=params.file_name or file.name or "image",
            signature=params.image_signature or None,
        )
    return _image_row(call, image)


class _ReadImages(Params):
    advertiser_id: Id
    image_ids: Annotated[list[FileId], Items(1, 100)]


@endpoint("GET", "file/image/ad/info", needs=Advertiser(), scope=Scope.CREATIVE)
def read_images(call: Call, params: _ReadImages) -> Data:
    """Tell the advertiser's images of these ids; others have no row."""
    return {"list": [_image_row(call, one) for one in queries.list_images(params.advertiser_id, params.image_ids)]}


class _ImageFilter(Params):
    image_ids: Annotated[list[FileId], Items(0, 100)] | None = None
    material_ids: Annotated[list[Id], Items(0, 100)] | None = None
    image_name: Annotated[str, Length(0, 100)] = ""
    displayable: bool | None = None
    width: Side | None = None
    height: Side | None = None
    ratio: Annotated[list[Thousandths], Items(0, 10)] | None = None


class _SearchImages(Params):
    advertiser_id: Id
    filtering: _ImageFilter = _ImageFilter()
    sort_field: str = "create_time"
    sort_type: SortType = "DESC"
    page: PageNumber = 1
    page_size: PageSize = 20


@endpoint("GET", "file/image/ad/search", needs=Advertiser(), scope=Scope.CREATIVE)
def search_images(call: Call, params: _SearchImages) -> Data:
    """List the advertiser's images, newest first unless asked otherwise."""
    asked = params.filtering
    page = queries.search_images(
        params.advertiser_id,
        Filters(
            ids=asked.image_ids,
            material_ids=asked.material_ids,
            name=asked.image_name,
            width=asked.width,
            height=asked.height,
            ratios=asked.ratio,
            displayable=asked.displayable,
        ),
        sort=params.sort_field,
        descending=params.sort_type == "DESC",
        page=params.page,
        page_size=params.page_size,
    )
    return {"list": [_image_row(call, one) for one in page.items], "page_info": page_info(page)}


class _SuggestCover(Params):
    advertiser_id: Id
    video_id: FileId
    poster_number: Annotated[int, Between(1, 10)] = 10


@endpoint("GET", "file/video/suggestcover", needs=Advertiser(), scope=Scope.CREATIVE)
def suggest_cover(call: Call, params: _SuggestCover) -> Data:
    """Suggest pictures from along a video for its cover, evenly spread; made when they are first asked for."""
    video = queries.get_video(params.advertiser_id, params.video_id)
    frames = take_frames(call.means, settings.HOUSE, video.media, count=params.poster_number)
    return {
        "list": [
            {
                "id": f"{video.video_id}-{params.poster_number}.{place}",
                "width": frame.width,
                "height": frame.height,
                "url": frame_of(call, video.media, frame),
            }
            for place, frame in enumerate(frames, start=1)
        ]
    }


def _given(value: Any, name: str) -> Any:
    """Return a value that the chosen way of uploading needs."""
    if not value:
        raise Refusal(errors.MISSING, fields=name)
    return value


def _name_in(url: str) -> str:
    """Return the file name that an address ends with; what cannot be read has none."""
    try:
        name = PurePosixPath(urlsplit(url).path).name
    except ValueError:
        name = ""
    return name[-100:] or "file"


def _video_row(call: Call, view: VideoView) -> dict[str, Any]:
    media = view.media
    return {
        "video_id": view.video_id,
        "material_id": str(view.material_id),
        "file_name": view.file_name,
        "format": _format_of(media),
        "duration": media.duration_ms / 1000,
        "width": media.width,
        "height": media.height,
        "size": media.size_bytes,
        "bit_rate": media.bit_rate,
        "fps": media.frames_per_1000_s / 1000,
        "signature": media.signature_md5,
        "video_cover_url": poster_of(call, media, FILE_LINK_LIFE_MS),
        "preview_url": preview_of(call, media, FILE_LINK_LIFE_MS),
        "preview_url_expire_time": expiry_of(call),
        "displayable": True,
        "allow_download": True,
        "allowed_placements": ["PLACEMENT_TIKTOK"],
        "create_time": iso_time(view.created_at_ms),
        "modify_time": iso_time(view.modified_at_ms),
        "flaw_types": [],
        "fix_task_id": None,
    }


def _image_row(call: Call, view: ImageView) -> dict[str, Any]:
    media = view.media
    return {
        "image_id": view.image_id,
        "image_url": preview_of(call, media, FILE_LINK_LIFE_MS),
        "width": media.width,
        "height": media.height,
        "size": media.size_bytes,
        "format": _format_of(media),
        "signature": media.signature_md5,
        "material_id": str(view.material_id),
        "file_name": view.file_name,
        "displayable": True,
        "create_time": iso_time(view.created_at_ms),
        "modify_time": iso_time(view.modified_at_ms),
    }


def _format_of(media: MediaView) -> str:
    return media.file_name.rpartition(".")[2]
