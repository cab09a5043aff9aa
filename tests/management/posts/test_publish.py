"""A creator publishes a real video: what is stored, what is told, and what is refused."""

from __future__ import annotations

import hashlib

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.errors import Refusal, Refusals
from attise.management.outbox.models import Change
from attise.management.posts import links, queries
from attise.management.posts.actions import PostDraft, publish_post
from attise.management.posts.models import Media, Post
from attise.records.media_link import MediaLinks

pytestmark = pytest.mark.django_db


def codes(refused) -> dict[str | None, str]:
    items = refused.value.items if isinstance(refused.value, Refusals) else [refused.value]
    return {item.field: item.code for item in items}


def test_a_video_is_published_with_its_file_its_cover_and_its_change(house, publish, creator, files):
    post = publish(caption=" Première fournée\r\nde l'hiver ", tags=["#pain", "Pain", "levain"], sound="son original")
    assert (post.state, post.visibility, post.format) == ("live", "public", "video")
    assert post.caption == "Première fournée\nde l'hiver"
    assert post.tags == ("pain", "levain")
    assert (post.creator_id, post.creator_handle, post.creator_state) == (creator, "lea", "active")
    media = post.media
    folder = f"{media.key[:2]}/{media.key}"
    assert files() == {f"{folder}/video.mp4", f"{folder}/cover.jpg"}
    stored = (house.media / folder / "video.mp4").read_bytes()
    assert hashlib.md5(stored).hexdigest() == media.signature_md5
    assert len(stored) == media.size_bytes
    assert (house.media / folder / "cover.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert media.duration_ms == pytest.approx(2000, abs=200)
    assert (media.width, media.height, media.video_codec) == (360, 640, "h264")
    assert list(Change.objects.values_list("kind", "object_id")) == [("post_changed", post.id)]
    assert not list(house.uploads.iterdir())


def test_the_upload_stays_its_owners(publish, clip):
    before = clip.read_bytes()
    publish()
    assert clip.read_bytes() == before


def test_two_posts_of_one_file_have_keys_that_tell_nothing(publish):
    one, other = publish().media.key, publish().media.key
    assert one != other
    assert all(len(key) == 26 and key.isalnum() and key.islower() for key in (one, other))


def test_a_stored_video_is_published_once_more_under_a_place_of_its_own(house, means, publish, creator):
    first = publish(caption="Fournée")
    again = publish_post(
        means, COMMAND, house=house, creator_id=creator, draft=PostDraft(caption="Encore"), media_id=first.media.id
    )
    assert again.media.key != first.media.key
    assert again.media.signature_md5 == first.media.signature_md5
    stored = [house.media / one.media.key[:2] / one.media.key / "video.mp4" for one in (first, again)]
    assert stored[0].samefile(stored[1])
    with pytest.raises(Refusal) as refused:
        publish_post(means, COMMAND, house=house, creator_id=creator, draft=PostDraft(), media_id=1)
    assert codes(refused) == {"media_id": "not_found"}


def test_a_link_opens_the_file_until_its_end(means, publish, clock):
    media = publish().media
    path = links.link_video(means, media, 3_600_000)
    opener = MediaLinks(means.secrets.key("media"))
    found = opener.open(path, now_s=clock.wire_ms() // 1000)
    assert (found.key, found.name) == (media.key, media.file_name)
    assert opener.open(path, now_s=clock.wire_ms() // 1000 + 3601) is None
    assert links.link_cover(means, media, 1000).endswith("/cover.jpg")


def test_what_is_kept_with_the_post_is_written_with_it_or_not_at_all(publish, files):
    told = []
    post = publish(keep=told.append)
    assert told == [post]

    def fail(_view):
        raise RuntimeError("the answer could not be kept")

    with pytest.raises(RuntimeError):
        publish(keep=fail)
    assert Post.objects.count() == 1
    assert Change.objects.count() == 1


def test_every_format_and_visibility_is_taken(publish, photo):
    public = publish()
    assert publish(format="story", visibility="followers").visibility == "followers"
    assert publish(visibility="private", ads_only=True).ads_only
    duet, stitch = publish(format="duet", of_post_id=public.id), publish(format="stitch", of_post_id=public.id)
    assert {(view.of_post_id, view.of_post_format) for view in (duet, stitch)} == {(public.id, "video")}
    carousel = publish(format="carousel", upload=photo)
    assert (carousel.media.kind, carousel.media.file_name, carousel.media.duration_ms) == ("image", "image.png", 0)
    assert publish(format="carousel").media.kind == "video"
    of_carousel = publish(format="duet", of_post_id=carousel.id)
    assert (of_carousel.format, of_carousel.of_post_format) == ("duet", "carousel")


def test_a_picture_is_its_own_cover(means, publish, photo):
    media = publish(format="carousel", upload=photo).media
    assert links.link_cover(means, media, 1000) == links.link_video(means, media, 1000)


def test_a_sandbox_may_date_a_post_back_and_nobody_else(publish, clock):
    yesterday = clock.world_ms() - 86_400_000
    assert publish(published_at_ms=yesterday, may_date=True).published_at_ms == yesterday
    for value, may_date, code in (
        (yesterday, False, "published_at_not_allowed"),
        (clock.world_ms() + 1, True, "published_at_out_of_span"),
        (-1, True, "published_at_out_of_span"),
        (10**18, True, "published_at_out_of_span"),
    ):
        with pytest.raises(Refusal) as refused:
            publish(published_at_ms=value, may_date=may_date)
        assert codes(refused) == {"published_at": code}


def test_all_that_is_wrong_is_told_at_once(publish, tmp_path, files):
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    with pytest.raises(Refusals) as refused:
        publish(
            upload=wrong,
            caption="x" * 2_201,
            format="reel",
            visibility="hidden",
            sound="son\x00",
            tags=["deux mots"],
            category="astrology-of-bread",
            published_at_ms=1,
        )
    assert codes(refused) == {
        "caption": "text_too_long",
        "format": "format_unknown",
        "visibility": "visibility_unknown",
        "sound": "text_characters",
        "tags[0]": "text_form",
        "category": "category_unknown",
        "published_at": "published_at_not_allowed",
        "file": "media_container_not_allowed",
    }
    assert not Post.objects.exists()
    assert not Media.objects.exists()
    assert not files()


def test_a_good_file_of_a_refused_post_is_not_kept(publish, files):
    with pytest.raises(Refusal):
        publish(caption="\u202ereversed")
    assert not files()


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        ({"caption": "a\x00b"}, {"caption": "text_characters"}),
        ({"caption": "a\ud800b"}, {"caption": "text_characters"}),
        ({"caption": "a\u200bb"}, {"caption": "text_characters"}),
        ({"caption": "a\u2066b"}, {"caption": "text_characters"}),
        ({"caption": "x" * 100_000}, {"caption": "text_too_long"}),
        ({"tags": ["t"] * 31}, {"tags": "too_many_tags"}),
        ({"tags": ["ok", "#"]}, {"tags[1]": "field_required"}),
        ({"tags": ["##double"]}, {"tags[0]": "text_form"}),
        ({"tags": ["t" * 51]}, {"tags[0]": "text_too_long"}),
        ({"tags": ["<script>"]}, {"tags[0]": "text_form"}),
        ({"sound": "s" * 101}, {"sound": "text_too_long"}),
        ({"format": "duet"}, {"of_post_id": "of_post_required"}),
        ({"format": "video", "of_post_id": 5}, {"of_post_id": "of_post_not_expected"}),
        ({"format": "stitch", "of_post_id": 5}, {"of_post_id": "not_found"}),
        ({"media_md5": "0" * 32}, {"media_md5": "md5_without_address"}),
        ({"media_url": "https://example.org/a.mp4"}, {"media_url": "file_or_address"}),
    ],
)
def test_a_wrong_field_is_named_with_its_rule(publish, draft, refusal):
    with pytest.raises((Refusal, Refusals)) as refused:
        publish(**draft)
    assert codes(refused) == refusal
    assert not Post.objects.exists()


def test_a_post_needs_a_file(publish):
    with pytest.raises(Refusal) as refused:
        publish(upload=None)
    assert codes(refused) == {"file": "file_required"}


def test_captions_and_tags_of_any_language_are_taken(publish):
    post = publish(caption="x" * 2_200, tags=["été", "#日本語", "हिन्दी", "t" * 50, "a_1"])
    assert len(post.caption) == 2_200
    assert post.tags == ("été", "日本語", "हिन्दी", "t" * 50, "a_1")


def test_only_an_active_creator_publishes(publish, make_creator, files):
    for creator_id in (7, make_creator("gone", state="gone")):
        with pytest.raises(Refusal) as refused:
            publish(creator_id=creator_id)
        assert codes(refused) == {"creator_id": "not_found"}
    assert not files()


def test_a_duet_is_made_with_a_post_that_others_may_see_and_use(publish, make_creator):
    post, other = publish(), make_creator("other")
    for creator_id, facts, post_format, code in (
        (post.creator_id, {"visibility": "private"}, "duet", "of_post_not_public"),
        (other, {"visibility": "private"}, "duet", "not_found"),
        (other, {"visibility": "followers"}, "stitch", "not_found"),
        (other, {"ads_only": True}, "duet", "not_found"),
        (other, {"state": "hidden"}, "duet", "not_found"),
        (other, {"state": "deleted"}, "duet", "not_found"),
        (other, {"allow_duet": False}, "duet", "duet_not_allowed"),
        (other, {"allow_stitch": False}, "stitch", "stitch_not_allowed"),
    ):
        Post.objects.filter(id=post.id).update(**(AS_PUBLISHED | facts))
        with pytest.raises(Refusal) as refused:
            publish(creator_id=creator_id, format=post_format, of_post_id=post.id)
        assert codes(refused) == {"of_post_id": code}
    Post.objects.filter(id=post.id).update(**AS_PUBLISHED)
    assert publish(creator_id=other, format="duet", of_post_id=post.id).of_post_id == post.id


AS_PUBLISHED = {
    "visibility": "public",
    "ads_only": False,
    "state": "live",
    "allow_duet": True,
    "allow_stitch": True,
}


@pytest.mark.parametrize("name", ["missing.mp4", "../../etc/passwd", "folder", "empty.mp4", "page.mp4", "cut.mp4"])
def test_what_is_not_a_video_is_refused_and_leaves_nothing(publish, clip, tmp_path, files, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "page.mp4").write_text("<html><script>alert(1)</script>")
    (tmp_path / "cut.mp4").write_bytes(clip.read_bytes()[:20_000])
    with pytest.raises(Refusal) as refused:
        publish(upload=tmp_path / name)
    assert refused.value.field == "file"
    assert not files()


def test_reading_costs_one_query_whatever_the_page(publish, creator, django_assert_num_queries):
    first = publish()
    posts = [publish(format="duet", of_post_id=first.id), publish(), publish(visibility="private"), first]
    with django_assert_num_queries(1):
        assert queries.get_post(first.id) == first
    with django_assert_num_queries(1):
        page = queries.list_posts_of_creator(creator, limit=3)
    assert [view.id for view in page.items] == [posts[2].id, posts[1].id, posts[0].id]
    with django_assert_num_queries(1):
        rest = queries.list_posts_of_creator(creator, limit=3, after=page.after)
    assert ([view.id for view in rest.items], rest.after) == ([first.id], None)
    with django_assert_num_queries(1):
        assert [view.id for view in queries.list_posts([first.id, 5, posts[0].id, first.id])] == [
            first.id,
            posts[0].id,
        ]
    assert [view.id for view in queries.list_posts_of_creator(creator, only_public=True).items] == [
        posts[1].id,
        posts[0].id,
        first.id,
    ]


def test_a_post_that_never_was_is_refused():
    with pytest.raises(Refusal) as refused:
        queries.get_post(5)
    assert codes(refused) == {"post_id": "not_found"}
    assert queries.find_post(5) is None
