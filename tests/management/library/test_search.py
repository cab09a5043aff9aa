"""An advertiser finds its files again, and sees nobody else's."""

from __future__ import annotations

import pytest

from attise.kernel.errors import Refusal
from attise.management.library import queries
from attise.management.library.models import Video
from attise.management.library.queries import Filters
from attise.management.posts.models import Media

pytestmark = pytest.mark.django_db


@pytest.fixture
def put(means, advertiser):
    """Put a video of some size in the library, without a file behind it."""

    def put(name, width=360, height=640, *, duration_ms=1000, advertiser_id=advertiser):
        now = means.clock.world_ms()
        media = Media.objects.create(
            id=means.ids.next(),
            key=means.chance.token(13).hex(),
            kind="video",
            signature_md5="0" * 32,
            file_name="video.mp4",
            size_bytes=len(name),
            duration_ms=duration_ms,
            width=width,
            height=height,
            created_at_ms=now,
        )
        row = Video.objects.create(
            id=means.ids.next(),
            video_id=f"v10033g50000{means.ids.next()}",
            advertiser_id=advertiser_id,
            media=media,
            file_name=name,
            created_at_ms=now,
            modified_at_ms=now,
        )
        means.clock.advance(seconds=1)
        return row

    return put


def names(page) -> list[str]:
    return [video.file_name for video in page.items]


def test_pages_are_whole_and_cost_two_queries(put, advertiser, django_assert_num_queries):
    for number in range(7):
        put(f"{number}.mp4")
    with django_assert_num_queries(2):
        page = queries.search_videos(advertiser, page=2, page_size=3)
    assert (names(page), page.total, page.pages) == (["3.mp4", "2.mp4", "1.mp4"], 7, 3)
    assert names(queries.search_videos(advertiser, page=3, page_size=3)) == ["0.mp4"]
    past = queries.search_videos(advertiser, page=4, page_size=3)
    assert (past.items, past.total) == ([], 7)


def test_filters_hold_together(put, advertiser):
    tall, wide, square = put("tall été.mp4"), put("wide.mp4", 1280, 720), put("SQUARE.mp4", 640, 640)

    def found(**filters):
        return set(names(queries.search_videos(advertiser, Filters(**filters))))

    assert found(ids=[tall.video_id, "v1"]) == {"tall été.mp4"}
    assert found(material_ids=[wide.id, square.id]) == {"wide.mp4", "SQUARE.mp4"}
    assert found(material_ids=[]) == set()
    assert found(name="quar") == {"SQUARE.mp4"}
    assert found(name="%") == set()
    assert found(width=360, height=640) == {"tall été.mp4"}
    assert found(ratios=[1_000]) == {"SQUARE.mp4"}
    assert found(ratios=[1_800, 600]) == {"wide.mp4", "tall été.mp4"}
    assert found(ratios=[1_728]) == {"wide.mp4"}
    assert found(ratios=[1_727]) == set()
    assert found(ratios=[]) == set()
    assert found(displayable=False) == set()
    assert found(displayable=True) == {"tall été.mp4", "wide.mp4", "SQUARE.mp4"}
    assert found(ratios=[1_000], name="wide") == set()


def test_lists_are_sorted_as_asked(put, advertiser):
    put("b.mp4", duration_ms=2_000)
    put("a.mp4", duration_ms=3_000)
    put("longer.mp4", duration_ms=1_000)

    def by(sort, **asked):
        return names(queries.search_videos(advertiser, sort=sort, **asked))

    assert by("create_time") == ["longer.mp4", "a.mp4", "b.mp4"]
    assert by("file_name", descending=False) == ["a.mp4", "b.mp4", "longer.mp4"]
    assert by("duration") == ["a.mp4", "b.mp4", "longer.mp4"]
    assert by("size", descending=False) == ["b.mp4", "a.mp4", "longer.mp4"]
    with pytest.raises(Refusal) as refused:
        by("advertiser__name; DROP TABLE")
    assert (refused.value.code, refused.value.field) == ("sort_unknown", "sort_field")


def test_ids_are_answered_in_their_order_in_one_query(put, advertiser, django_assert_num_queries):
    one, two = put("1.mp4"), put("2.mp4")
    with django_assert_num_queries(1):
        found = queries.list_videos(advertiser, [one.video_id, "v1", two.video_id, one.video_id])
    assert [video.file_name for video in found] == ["1.mp4", "2.mp4"]


def test_another_advertisers_files_do_not_exist(put, upload_image, advertiser, rival):
    video, image = put("mine.mp4"), upload_image()
    assert queries.list_videos(rival, [video.video_id]) == []
    assert queries.search_videos(rival, Filters(material_ids=[video.id])).total == 0
    assert queries.list_images(rival, [image.image_id]) == []
    assert queries.search_images(rival).total == 0
    for call, wanted in ((queries.get_video, video.video_id), (queries.get_image, image.image_id)):
        assert call(advertiser, wanted)
        with pytest.raises(Refusal) as refused:
            call(rival, wanted)
        assert refused.value.code == "not_found"


def test_images_are_searched_alike(upload_image, advertiser):
    image = upload_image()
    page = queries.search_images(advertiser, Filters(name="PHOTO", ratios=[1_000]))
    assert (page.items, page.total) == ([image], 1)


@pytest.mark.parametrize(
    "filters",
    [
        {"ids": ["a\x00", "\ud800"]},
        {"name": "a\x00b"},
        {"name": "\udfff"},
        {"material_ids": [0, -1, 10**30]},
        {"width": 10**30},
        {"height": -(10**30)},
        {"ratios": [10**30, -5]},
    ],
)
def test_what_no_row_can_be_is_simply_not_there(put, advertiser, filters):
    put("clip.mp4")
    page = queries.search_videos(advertiser, Filters(**filters))
    assert (page.items, page.total) == ([], 0)


def test_texts_that_no_database_holds_name_nothing(advertiser):
    for text in ("a\x00", "\ud800"):
        assert queries.list_videos(advertiser, [text]) == []
        assert queries.list_images(advertiser, [text]) == []
        assert queries.find_identity(advertiser, text) is None
        assert queries.list_identities(advertiser, keyword=text).total == 0
