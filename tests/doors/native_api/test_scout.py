"""The host reads which young posts deserve a boost, for whom, and what came of past picks."""

from __future__ import annotations

import pytest

from attise.doors.worker.scouting import scout
from attise.kernel.limits import HOUR_MS
from attise.management.posts.models import Post
from attise.measurement.scout.bounds import HORIZON_H, SETTLING_MS
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import advertiser_of, errors_of
from tests.measurement.scout.counting import count
from tests.trying import tried

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts(means):
    """Six public posts that are thirty hours old, each seen more lately than the one before, and ranked."""
    creator = a_creator(means)
    found = [a_post(means, creator) for _ in range(6)]
    now_ms = means.clock.world_ms()
    Post.objects.filter(id__in=[one.id for one in found]).update(published_at_ms=now_ms - 30 * HOUR_MS)
    for place, one in enumerate(found):
        for hour in range(1, 30):
            views = int(40 * (1 + place * hour / 10))
            count(one.id, now_ms - (30 - hour) * HOUR_MS, views=views, likes=views // 10, shares=views // 40)
    assert scout() == 6
    assert scout() == 0  # not before an hour of world time has gone
    return found


def test_posts_are_told_the_best_first_with_reasons_in_words(host, posts):
    told = host.get("/v1/scout?limit=4").json()
    assert len(told["items"]) == 4
    scores = [one["score"] for one in told["items"]]
    assert scores == sorted(scores, reverse=True)
    best = told["items"][0]
    assert best["interval"][0] <= best["score"] <= best["interval"][1]
    assert best["verdict"] == "boost_now"
    assert best["until"] > best["analysed_at"]
    assert best["reasons"][0]["words"]["fr"] != best["reasons"][0]["words"]["en"]
    rest = host.get(f"/v1/scout?limit=4&cursor={told['next_cursor']}").json()
    assert len(rest["items"]) == 2
    assert rest["next_cursor"] is None


def test_the_list_is_narrowed(host, posts):
    assert {one["verdict"] for one in host.get("/v1/scout?verdict=boost_now").json()["items"]} == {"boost_now"}
    assert host.get("/v1/scout?creator_id=1000000000000000001").json()["items"] == []
    answer = host.get("/v1/scout?verdict=soon")
    assert answer.status_code == 422
    assert [field for field, _ in errors_of(answer)] == ["verdict"]


def test_what_is_no_longer_public_is_not_told(host, posts):
    hidden = host.get("/v1/scout").json()["items"][0]["post_id"]
    host.patch(f"/v1/posts/{hidden}", {"visibility": "private"})
    assert hidden not in [one["post_id"] for one in host.get("/v1/scout").json()["items"]]


def test_an_advertiser_sees_by_what_it_may_use_a_post(host, posts):
    brand = advertiser_of(host)[1]
    made = host.post(f"/v1/posts/{posts[0].id}/authorizations", {"days": 30}).json()
    host.post(f"/v1/advertisers/{brand}/codes", {"codes": [made["code"]]})
    told = {one["post_id"]: one["identity"] for one in host.get(f"/v1/advertisers/{brand}/scout").json()["items"]}
    assert told[str(posts[0].id)]["identity_type"] == "AUTH_CODE"
    assert told[str(posts[0].id)]["ends_at"]
    assert told[str(posts[1].id)] is None
    host.post(f"/v1/authorizations/{made['authorization_id']}/revoke", {"when": "now"})
    told = {one["post_id"]: one["identity"] for one in host.get(f"/v1/advertisers/{brand}/scout").json()["items"]}
    assert set(told.values()) == {None}


def test_the_scoreboard_tells_what_came(host, posts, means, clock):
    before = host.get("/v1/scout/scoreboard").json()
    assert (before["trials"], before["posts"]) == (0, 0)
    assert before["next_analysis_at"] > before["analysed_at"]
    for place, one in enumerate(posts):
        count(one.id, means.clock.world_ms() + HOUR_MS, views=1_000 * place)
    clock.advance(seconds=(HORIZON_H * HOUR_MS + SETTLING_MS) / 1000)
    scout()
    board = host.get("/v1/scout/scoreboard").json()
    assert (board["trials"], board["posts"]) == (1, 6)
    assert [line["means"] for line in board["lines"]] == ["score", "last_growth", "likes", "chance"]
    assert 0 <= board["covered"] <= 1


def test_before_the_first_analysis_there_is_nothing_to_tell(host):
    assert host.get("/v1/scout").json() == {"items": [], "next_cursor": None}
    assert host.get("/v1/scout/scoreboard").json()["analysed_at"] is None


def test_past_picks_are_listed_with_what_came_of_them_and_the_board_of_each_trial(host, means):
    creator = a_creator(means)
    moments = tried(means, [a_post(means, creator) for _ in range(20)])
    first = host.get("/v1/scout/picks?limit=10").json()
    rest = host.get(f"/v1/scout/picks?limit=10&cursor={first['next_cursor']}").json()
    picks = [*first["items"], *rest["items"]]
    assert rest["next_cursor"] is None
    assert len(picks) == 4 * len(moments)
    assert [one["tried_at"] for one in picks] == sorted((one["tried_at"] for one in picks), reverse=True)
    assert all("score" in one["picked_by"] for one in picks)
    assert {(one["growth"], one["within_interval"], one["of_the_fastest"]) for one in picks[:8]} == {(None, None, None)}
    board = host.get("/v1/scout/scoreboard").json()
    assert [day["posts"] for day in board["days"]] == [20, 20, 20]
    judged = picks[8:]
    line = next(line for line in board["lines"] if line["means"] == "score")
    assert line["precision"] == pytest.approx(sum(one["of_the_fastest"] for one in judged) / len(judged), abs=1e-3)
    assert line["growth"] == pytest.approx(sum(one["growth"] for one in judged) / len(judged), abs=1e-3)
    day = board["days"][0]
    assert day["tried_at"] == judged[0]["tried_at"]
    mine = [one["growth"] for one in judged if one["tried_at"] == day["tried_at"]]
    assert day["lines"][0]["growth"] == pytest.approx(sum(mine) / len(mine), abs=1e-3)
    assert host.get("/v1/scout/picks?cursor=x").status_code == 422
