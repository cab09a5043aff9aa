"""A host boosts posts for its advertisers: at once, or when the creator has said yes."""

from __future__ import annotations

import pytest

from attise.management.campaigns.models import Ad
from tests.builders import a_creator, a_post, an_advertiser

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


@pytest.fixture
def advertiser(means):
    return an_advertiser(means)


@pytest.fixture
def boosts(advertiser):
    return f"/v1/advertisers/{advertiser.id}/boosts"


def draft(post, **facts):
    return {
        "post_id": str(post.id),
        "name": "Soups",
        "budget_micros": 50_000_000,
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://shop.example/soups",
        **facts,
    }


def test_a_boost_waits_for_the_creators_yes_and_is_launched(host, post, advertiser, boosts):
    asked = host.post(boosts, draft(post))
    waits = asked.json()
    assert (asked.status_code, waits["state"], waits["request"]["state"]) == (201, "waiting", "pending")
    again = host.post(boosts, draft(post, days=3)).json()
    assert (again["boost_id"], again["days"]) == (waits["boost_id"], 3)
    assert again["request"]["request_id"] == waits["request"]["request_id"], "nobody is asked twice"
    at = f"{boosts}/{waits['boost_id']}"
    assert host.post(f"{at}/launch").json()["error"]["code"] == "boost_waits"

    request = f"/v1/post-requests/{waits['request']['request_id']}"
    assert host.get(f"/v1/post-requests?creator_id={post.creator_id}&state=pending").json()["items"]
    yes = host.post(f"{request}/accept", {"creator_id": str(post.creator_id), "days": 30, "terms": {"fee_micros": 0}})
    assert (yes.status_code, yes.json()["state"]) == (200, "accepted")
    assert host.post(f"{request}/refuse", {"creator_id": str(post.creator_id)}).status_code == 409
    assert host.get(boosts).json()["items"][0]["state"] == "ready"
    made = host.post(f"{at}/launch").json()
    assert (made["state"], made["ad_id"], made["days"]) == ("made", str(Ad.objects.get().id), 3)
    assert host.post(f"{at}/launch").status_code == 404
    assert host.post(boosts, draft(post, name="More")).json()["state"] == "made", "it may be used now"


def test_what_would_be_refused_later_is_refused_before_anybody_is_asked(host, post, boosts):
    wrong = draft(post, budget_micros=1_000_000, landing_page_url="", optimization_goal="INSTALL")
    told = host.post(boosts, wrong)
    assert told.status_code == 422
    fields = {one["field"] for one in told.json()["error"]["errors"]}
    assert {"budget_micros", "optimization_goal"} <= fields
    assert host.get(boosts).json()["items"] == host.get("/v1/post-requests").json()["items"] == []


def test_a_refusal_is_told_and_a_boost_dropped_takes_its_request_back(host, means, post, advertiser, boosts):
    waits = host.post(boosts, draft(post)).json()
    request = f"/v1/post-requests/{waits['request']['request_id']}"
    stranger = a_creator(means, handle="other")
    assert host.post(f"{request}/refuse", {"creator_id": str(stranger.id)}).status_code == 404
    host.post(f"{request}/refuse", {"creator_id": str(post.creator_id)})
    assert host.get(f"{boosts}/{waits['boost_id']}").json()["state"] == "refused"
    anew = host.post(boosts, draft(post)).json()
    assert (anew["state"], anew["boost_id"]) == ("waiting", waits["boost_id"])
    assert host.delete(f"{boosts}/{waits['boost_id']}").json() == {"removed": True}
    assert host.get(f"/v1/post-requests/{anew['request']['request_id']}").json()["state"] == "withdrawn"


def test_what_is_not_for_everyone_is_not_asked_for(host, means, advertiser, boosts):
    hidden = a_post(means, a_creator(means), visibility="private")
    told = host.post(f"/v1/posts/{hidden.id}/requests", {"advertiser_id": str(advertiser.id), "days": 30})
    assert (told.status_code, told.json()["error"]["field"]) == (404, "post_id")
    assert host.post(boosts, draft(hidden)).status_code == 404
