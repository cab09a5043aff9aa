"""A host boosts posts for its advertisers: at once, or when the creator has said yes."""

from __future__ import annotations

import pytest

from attise.kernel.actor import COMMAND
from attise.management.authorizations import actions as authorizations
from attise.management.authorizations.models import PostRequest
from attise.management.campaigns.models import Ad
from tests.builders import a_creator, a_post, an_advertiser
from tests.doors.native_api.conftest import errors_of

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


def open_account(means, post, advertiser):
    """The creator opens their account to the advertiser's Business Center."""
    _, secret = authorizations.request_access(
        means, COMMAND, business_center_id=advertiser.business_center_id, permissions=["existing_posts"]
    )
    authorizations.accept_access(means, COMMAND, creator_id=post.creator_id, secret=secret)


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


def test_a_boost_that_is_wished_anew_for_longer_asks_for_the_post_as_long(host, post, boosts):
    first = host.post(boosts, draft(post, days=3, asked_days=7)).json()
    longer = host.post(boosts, draft(post, days=21, asked_days=30)).json()
    assert longer["request"]["request_id"] == first["request"]["request_id"]
    assert [one["request"]["days"] for one in (first, longer)] == [7, 30]
    shorter = host.post(boosts, draft(post, days=3, asked_days=7)).json()
    assert (shorter["days"], shorter["request"]["days"]) == (3, 30)


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


def test_a_post_of_an_account_that_is_open_is_boosted_at_once(host, means, post, advertiser, boosts):
    open_account(means, post, advertiser)
    made = host.post(boosts, draft(post))
    assert (made.status_code, made.json()["state"]) == (201, "made"), made.content
    ad = Ad.objects.get()
    assert (ad.identity_type, ad.business_center_id) == ("BC_AUTH_TT", advertiser.business_center_id)


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"asked_days": 8}, "asked_days", "grant_days_invalid"),
        ({"days": 14, "asked_days": 7}, "asked_days", "field_invalid"),
        ({"location_ids": [1]}, "location_ids[0]", "targeting_location_unknown"),
        ({"location_ids": [3017382, 3017382]}, "location_ids[1]", "targeting_twice"),
    ],
)
def test_days_and_places_are_refused_before_anybody_is_asked(host, means, post, advertiser, boosts, facts, field, code):
    told = host.post(boosts, draft(post, **facts))
    assert told.status_code == 422, told.content
    assert (field, code) in errors_of(told)
    assert not PostRequest.objects.exists()
    if field != "asked_days" or code == "grant_days_invalid":
        open_account(means, post, advertiser)
        alike = host.post(boosts, draft(post, **facts))
        assert (field, code) in errors_of(alike), "where it is made at once too"


@pytest.mark.parametrize("how", ["launched", "made otherwise"])
def test_a_boost_by_another_grant_takes_the_open_request_back(host, means, post, advertiser, boosts, how):
    waits = host.post(boosts, draft(post)).json()
    open_account(means, post, advertiser)
    if how == "launched":
        made = host.post(f"{boosts}/{waits['boost_id']}/launch")
    else:
        made = host.post(boosts, draft(post, name="Now"))
    assert made.json()["state"] == "made", made.content
    request = f"/v1/post-requests/{waits['request']['request_id']}"
    assert host.get(request).json()["state"] == "withdrawn"
    assert host.post(f"{request}/accept", {"creator_id": str(post.creator_id), "days": 30}).status_code == 409
    assert host.get(boosts).json()["items"] == []


def test_a_yes_leaves_the_codes_that_other_brands_were_given(host, means, post, advertiser):
    code = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 30}).json()["code"]
    asked = host.post(f"/v1/posts/{post.id}/requests", {"advertiser_id": str(advertiser.id), "days": 30}).json()
    at = f"/v1/post-requests/{asked['request_id']}/accept"
    yes = {"creator_id": str(post.creator_id), "days": 30}
    assert host.post(at, yes).json()["state"] == "accepted"
    rival = an_advertiser(means, "Rivale")
    (verdict,) = host.bulk("codes", [{"advertiser_id": str(rival.id), "code": code}])
    assert verdict["status"] == "bound", verdict


def test_days_of_an_answer_are_refused_whatever_became_of_the_request(host, post, advertiser):
    asked = host.post(f"/v1/posts/{post.id}/requests", {"advertiser_id": str(advertiser.id), "days": 30}).json()
    for request_id in (asked["request_id"], "12"):
        yes = {"creator_id": str(post.creator_id), "days": 31}
        told = host.post(f"/v1/post-requests/{request_id}/accept", yes)
        assert (told.status_code, errors_of(told)) == (422, [("days", "grant_days_invalid")])


def test_what_is_not_for_everyone_is_not_asked_for(host, means, advertiser, boosts):
    hidden = a_post(means, a_creator(means), visibility="private")
    told = host.post(f"/v1/posts/{hidden.id}/requests", {"advertiser_id": str(advertiser.id), "days": 30})
    assert (told.status_code, told.json()["error"]["field"]) == (404, "post_id")
    assert host.post(boosts, draft(hidden)).status_code == 404
