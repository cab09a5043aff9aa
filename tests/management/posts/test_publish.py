"""A creator publishes a real video: what is stored, what is told, and what is refused."""

from __future__ import annotations

import hashlib

import pytest

from attise.management.outbox.models import Change
from attise.management.posts import links, queries, store

pytestmark = pytest.mark.django_db


def test_a_video_is_published_with_its_file_its_cover_and_its_change(means, house, publish, creator):
    post = publish(caption=" Première fournée\nde l'hiver ", tags=["#pain", "Pain", "levain"], sound="son original")
    assert (post.state, post.visibility, post.format) == ("live", "public", "video")
    assert post.caption == "Première fournée\nde l'hiver"
    assert post.tags == ("pain", "levain")
    assert (post.creator_id, post.creator_handle, post.creator_state) == (creator, "lea", "active")
    media = post.media
    folder = house.media / media.key[:2] / media.key
    stored = (folder / media.file_name).read_bytes()
    assert hashlib.md5(stored).hexdigest() == media.signature_md5
    assert len(stored) == media.size_bytes
    assert (folder / "cover.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert media.duration_ms == pytest.approx(2000, abs=200)
    assert list(Change.objects.values_list("kind", "object_id")) == [("post_changed", post.id)]
    assert not any((house.media / store.NEW).iterdir())


def test_a_link_opens_the_file_until_its_end(means, publish, clock):
    from attise.records.media_link import MediaLinks

    media = publish().media
    path = links.link_video(means, media, 3_600_000)
    opener = MediaLinks(means.secrets.key("media"))
    found = opener.open(path, now_s=clock.wire_ms() // 1000)
    assert (found.key, found.name) == (media.key, media.file_name)
    assert opener.open(path, now_s=clock.wire_ms() // 1000 + 3601) is None
    assert links.link_cover(means, media, 1000).endswith("/cover.jpg")


def test_reading_a_post_costs_one_query(publish, django_assert_num_queries):
    post = publish()
    with django_assert_num_queries(1):
        assert queries.get_post(post.id) == post
