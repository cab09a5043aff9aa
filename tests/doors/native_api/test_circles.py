"""The host reads how far the feed has taken a post: its circle, and each move with its date and reason."""

from __future__ import annotations

import pytest

from attise.doors.worker.widening import widen
from attise.measurement.attribution.actions import publish_totals
from tests.builders import a_creator, a_post
from tests.measurement.circles.met import counts, meet, widen_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts(means):
    """Three public posts: one that is loved, one that is skipped, one that nobody met."""
    creator = a_creator(means)
    found = [a_post(means, creator) for _ in range(3)]
    widen_house(means, found[0].id, found[1].id)
    return found


def test_a_post_tells_its_circle_with_dates_and_reasons(host, posts):
    loved, skipped, alone = (host.get(f"/v1/posts/{post.id}/circle").json() for post in posts)
    assert (loved["circle"], loved["state"]) == (1, "open" if loved["last_circle"] == 1 else "testing")
    assert [one["reason"] for one in loved["moves"]] == ["promoted", "began"]
    assert loved["moves"][0]["impressions"] == 1_200
    assert loved["moves"][0]["at"] == loved["since"]
    assert "1,200" in loved["moves"][0]["words"]["en"]
    assert (skipped["state"], skipped["circle"], skipped["batch"]) == ("stopped", 0, None)
    assert skipped["audience"]["en"].startswith("your followers")
    assert alone == {
        **dict.fromkeys(("state", "circle", "last_circle", "audience", "since", "impressions", "batch")),
        "post_id": str(posts[2].id),
        "moves": [],
    }
    listed = host.get(f"/v1/posts?creator_id={posts[0].creator_id}").json()["items"]
    told = {one["post_id"]: one["circle"] for one in listed}
    assert [told[str(post.id)] for post in posts] == [1, 0, None]
    assert [host.get(f"/v1/posts/{post.id}").json()["circle"] for post in posts] == [1, 0, None]
    assert host.get("/v1/posts/1234567890123456789/circle").status_code == 404


def test_what_ads_bring_moves_nothing(host, posts, means):
    meet(means, posts[2].id, counts(5_000, loved=0.99, shares=900), is_paid=True)
    publish_totals(means, counted_to_ms=0)
    widen()
    found = host.get(f"/v1/posts/{posts[2].id}/circle").json()
    assert (found["state"], found["circle"], found["impressions"]) == ("testing", 0, 0)
    assert [one["reason"] for one in found["moves"]] == ["began"]
