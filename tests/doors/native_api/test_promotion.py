"""The host reads what ads left of a post: before, while and after they showed it, beside what it would have come to."""

from __future__ import annotations

import csv

import pytest

from attise.doors.site import promoted as promotion
from attise.doors.worker import weighing
from attise.doors.worker.weighing import Promoting
from attise.kernel.errors import Outage
from attise.kernel.limits import DAY_MS
from attise.management.authorizations.models import Authorization
from attise.measurement.reports.promoted import LEAST_POSTS
from tests.builders import a_creator, a_post, an_advertiser
from tests.promoting import ADS_DAYS, PAID, promoted

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(means):
    return an_advertiser(means)


def made(means, brand, *, several: int = 30, more: float = 1.0, shown: int = 1):
    posts = [a_post(means, creator) for creator in [a_creator(means)] for _ in range(several)]
    return promoted(means, posts, advertiser_id=brand.id, more=more, shown=shown)


def read(host, post, query: str = "") -> dict:
    answer = host.get(f"/v1/posts/{post.id}/promotion{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["promotion"]


def test_what_ads_brought_goes_on_when_they_have_stopped(host, means, brand):
    told = read(host, made(means, brand).post)
    assert told["is_over"]
    assert told["is_enough"]
    assert told["beside"] == 29
    assert told["during"]["paid"] == told["in_all"]["paid"] == 24 * ADS_DAYS * PAID
    assert told["after"]["paid"] == 0
    for part in ("during", "after", "in_all"):
        one = told[part]
        assert one["differs"]
        assert one["brought"]["low"] < one["organic"] / 2 < one["brought"]["high"]
        assert one["more_posts"] == 0
    assert sum(step["paid"] for step in told["steps"]) == told["in_all"]["paid"]
    assert {step["without"] for step in told["steps"] if step["at"] < told["begins_at"]} == {None}


def test_an_advertiser_reads_of_its_own_ads_and_another_of_none(host, means, brand):
    town = made(means, brand)
    assert read(host, town.post, f"?advertiser_id={brand.id}") == read(host, town.post)
    other = an_advertiser(means, "Autre")
    assert read(host, town.post, f"?advertiser_id={other.id}") is None
    assert host.get(f"/v1/posts/{town.post.id}/promotion?advertiser_id=1234567890123456789").status_code == 404
    assert host.get("/v1/posts/1234567890123456789/promotion").status_code == 404


def test_a_post_that_no_ad_showed_has_no_promotion(host, means, brand):
    assert read(host, made(means, brand).left[0]) is None


def test_too_few_that_were_left_out_are_counted_out(host, means, brand):
    told = read(host, made(means, brand, several=5).post)
    assert (told["is_enough"], told["beside"], told["more_beside"]) == (False, 4, LEAST_POSTS - 4)
    assert told["in_all"]["brought"] is told["in_all"]["without"] is None


def test_only_what_could_have_been_promoted_then_is_set_beside(host, means, brand):
    town = made(means, brand)
    late, over, revoked, private, account = town.left[:5]
    grants = Authorization.objects
    began_ms = grants.get(post=late).starts_at_ms
    grants.filter(post=late).update(starts_at_ms=began_ms + 2 * DAY_MS)
    grants.filter(post=over).update(ends_at_ms=began_ms)
    grants.filter(post=revoked).update(state="revoked", modified_at_ms=began_ms)
    type(private).objects.filter(id=private.id).update(visibility="private")
    assert read(host, town.post)["beside"] == 25
    grants.filter(post=account).update(post=None, kind="account")
    assert read(host, town.post)["beside"] == 28, "an open account opens all of its public posts"


def test_posts_of_other_days_leave_those_of_its_own_their_room(host, means, brand, monkeypatch):
    town = made(means, brand)
    for _ in range(40):
        a_post(means, town.post.creator)
    monkeypatch.setattr(promotion, "ASKED", 40)
    assert read(host, town.post)["beside"] == 29


def together(host, query: str = "") -> dict:
    while Promoting().turn() is not None:
        continue
    answer = host.get(f"/v1/promotions{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_several_promoted_posts_taken_together_tell_more_than_one(host, means, brand):
    town = made(means, brand, several=40, more=0.3, shown=8)
    early = host.get("/v1/promotions").json()
    assert (early["as_of"], early["part"]) == (None, None)
    told = together(host)
    assert told["as_of"] is not None
    assert told["posts"] == 8
    assert told["differs"]
    assert told["part"]["low"] < 0.3 < told["part"]["high"]
    one = read(host, town.post)["in_all"]
    assert (
        told["part"]["high"] - told["part"]["low"] < (one["brought"]["high"] - one["brought"]["low"]) / one["without"]
    )
    assert together(host, f"?advertiser_id={brand.id}") == {**told, "advertiser_id": str(brand.id)}
    other = an_advertiser(means, "Autre")
    assert together(host, f"?advertiser_id={other.id}")["part"] is None
    assert Promoting().turn() is None, "no hour ended since"
    means.clock.advance(seconds=3_600)
    promoting = Promoting()
    assert [promoting.turn(), promoting.turn(), promoting.turn()] == [0, brand.id, None]
    assert host.get("/v1/promotions?advertiser_id=1234567890123456789").status_code == 404


def test_promoted_posts_stand_together_as_of_the_last_hour_and_each_with_its_course(host, means, brand):
    town = made(means, brand, several=40, more=0.3, shown=8)
    at = f"/v1/advertisers/{brand.id}/promoted-posts"
    early = host.get(at).json()
    assert (early["as_of"], early["items"], early["in_all"]["together"]["part"]) == (None, [], None)
    of_all = together(host, f"?advertiser_id={brand.id}")
    told = host.get(at).json()
    assert told["as_of"] is not None
    assert told["in_all"]["together"] == of_all
    assert len(told["items"]) == 8
    assert told["views_before"] == sum(one["promotion"]["views_before"] for one in told["items"])
    [own] = [one for one in told["items"] if one["post_id"] == str(town.post.id)]
    assert own["promotion"]["during"]["organic"] == read(host, town.post)["during"]["organic"]
    exported = host.get(f"{at}/export")
    rows = list(csv.DictReader(b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()))
    assert {row["post_id"] for row in rows} == {one["post_id"] for one in told["items"]}
    other = an_advertiser(means, "Autre")
    together(host)
    assert host.get(f"/v1/advertisers/{other.id}/promoted-posts").json()["items"] == []


def test_a_reader_whose_turn_fails_keeps_no_other_waiting(means, brand, monkeypatch):
    made(means, brand, several=20)
    promoting, weigh = Promoting(), weighing.weigh_promotions

    def failing(*, now_ms: int, advertiser_id: int | None) -> None:
        if advertiser_id is None:
            raise Outage("rows")
        weigh(now_ms=now_ms, advertiser_id=advertiser_id)

    monkeypatch.setattr(weighing, "weigh_promotions", failing)
    with pytest.raises(Outage):
        promoting.turn()
    assert promoting.turn() == brand.id
    with pytest.raises(Outage):
        promoting.turn()
    monkeypatch.undo()
    assert [promoting.turn(), promoting.turn()] == [0, None]


def test_two_promoted_posts_are_too_few_to_be_taken_together(host, means, brand):
    made(means, brand, shown=2)
    told = together(host)
    assert (told["posts"], told["part"], told["differs"]) == (0, None, False)
    assert told["more_posts"] > 0
