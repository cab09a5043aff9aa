"""A house reviews ads over HTTP: the queue, decisions with their reasons, appeals; and creators say their word."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import advertiser_of, errors_of
from tests.doors.native_api.shops import Shop, done, made
from tests.doors.native_api.shops import shop as shop  # noqa: PLC0414 - a fixture
from tests.doors.native_api.specimens import a_campaign, an_ad, an_adgroup

pytestmark = pytest.mark.django_db


def decide(shop: Shop, ad: dict[str, Any], verdict: str = "approved", **more: Any) -> Any:
    body = {"creative_version": ad["creative_version"], "verdict": verdict, **more}
    return shop.host.post(f"/v1/review/ads/{ad['ad_id']}/decide", body)


def state(shop: Shop, ad: dict[str, Any]) -> str:
    return done(shop.host.get(f"/v1/ads/{ad['ad_id']}"))["review"]["state"]


def test_the_queue_is_the_longest_waiting_first_with_whose_it_is_and_since_when(shop, clock):
    first = shop.ad(name="First")
    clock.advance(seconds=90)
    second = shop.ad(name="Second")
    queue = done(shop.host.get("/v1/review/ads?limit=1"))
    (one,) = queue["items"]
    assert (queue["waiting"], queue["longest_ms"], one["waited_ms"]) == (2, 90_000, 90_000)
    assert one["ad"] == done(shop.host.get(f"/v1/ads/{first['ad_id']}"))
    assert (one["waiting_since"], one["advertiser"]["advertiser_id"]) == (first["created_at"], shop.brand)
    assert one["before"] is None
    rest = done(shop.host.get(f"/v1/review/ads?limit=1&cursor={queue['next_cursor']}"))
    assert [one["ad"]["ad_id"] for one in rest["items"]] == [second["ad_id"]]
    assert rest["next_cursor"] is None


def test_an_approved_ad_waits_no_more(shop):
    ad = shop.ad()
    told = done(decide(shop, ad))
    assert (told["verdict"], told["was"], told["rule"], told["automated"]) == ("approved", "pending", None, False)
    assert (told["seen"]["post_id"], told["seen"]["calls"]) == (shop.post_id, ["LEARN_MORE"])
    assert told["reviewer"].startswith("host:")
    assert state(shop, ad) == "approved"
    assert done(shop.host.get("/v1/review/ads"))["items"] == []
    assert done(shop.host.get(f"/v1/ads/{ad['ad_id']}/decisions"))["items"] == [told]


def test_a_refusal_is_stated_in_the_language_of_the_request(shop):
    ad = shop.ad()
    decide(shop, ad, "rejected", rule="landing_page", note="404")
    path = f"/v1/ads/{ad['ad_id']}/decisions"
    (english,) = done(shop.host.get(path))["items"]
    (french,) = done(shop.host.get(path, accept_language="fr"))["items"]
    assert english["sentence"] == "The landing page does not work, or is not what the ad announces."
    assert french["sentence"] != english["sentence"]
    assert {**french, "sentence": english["sentence"]} == english
    rules = done(shop.host.get("/v1/review/rules", accept_language="fr"))["items"]
    assert {"rule": "landing_page", "sentence": french["sentence"]} in rules


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"creative_version": 1, "verdict": "rejected"}, [("rule", "field_required")]),
        ({"creative_version": 1, "verdict": "rejected", "rule": "other"}, [("note", "review_note_required")]),
        ({"creative_version": 1, "verdict": "yes"}, [("verdict", "choice_unknown")]),
        ({"creative_version": 1, "verdict": "approved", "rule": "minors"}, [("rule", "review_rule_not_taken")]),
        ({"verdict": "approved"}, [("creative_version", "field_required")]),
        ({"creative_version": True, "verdict": "approved"}, [("creative_version", "field_invalid")]),
        ({"creative_version": 1, "verdict": "approved", "review": "approved"}, [("review", "field_unknown")]),
    ],
)
def test_a_decision_that_is_not_complete_is_told_by_its_field(shop, body, expected):
    ad = shop.ad()
    refused = shop.host.post(f"/v1/review/ads/{ad['ad_id']}/decide", body)
    assert (refused.status_code, errors_of(refused)) == (422, expected)
    assert state(shop, ad) == "pending"


def test_a_decision_on_what_waits_no_more_or_was_changed_is_a_conflict(shop):
    ad = shop.ad()
    shop.host.patch(f"/v1/ads/{ad['ad_id']}", {"landing_page_url": "https://shop.example/other"})
    changed = decide(shop, ad)
    assert (changed.status_code, errors_of(changed)) == (409, [("creative_version", "ad_changed_since_seen")])
    done(decide(shop, {**ad, "creative_version": 2}))
    again = decide(shop, {**ad, "creative_version": 2})
    assert (again.status_code, errors_of(again)[0][1]) == (409, "ad_not_in_review")


def test_a_refusal_is_appealed_once_and_decided_knowing_why(shop):
    ad = shop.ad()
    path = f"/v1/ads/{ad['ad_id']}/appeal"
    assert shop.host.post(path, {}).status_code == 409
    decide(shop, ad, "rejected", rule="imitation")
    told = done(shop.host.post(path, {"note": "The brand is ours."}))
    assert (told["review"]["state"], told["review"]["appealed"]) == ("pending", True)
    (waiting,) = done(shop.host.get("/v1/review/ads"))["items"]
    assert (waiting["appeal_note"], waiting["before"]["rule"]) == ("The brand is ours.", "imitation")
    second = done(decide(shop, ad, "rejected", rule="imitation"))
    assert (second["on_appeal"], second["appeal_note"]) == (True, "The brand is ours.")
    refused = shop.host.post(path, {})
    assert (refused.status_code, errors_of(refused)[0][1]) == (409, "ad_appealed_already")


def test_an_approval_is_taken_back(shop):
    ad = shop.ad()
    path = f"/v1/review/ads/{ad['ad_id']}/withdraw"
    assert shop.host.post(path, {"creative_version": 1, "rule": "minors"}).status_code == 409
    decide(shop, ad)
    told = done(shop.host.post(path, {"creative_version": 1, "rule": "minors", "note": "A complaint."}))
    assert (told["was"], told["verdict"], told["waiting_since"]) == ("approved", "rejected", None)
    assert state(shop, ad) == "rejected"
    assert done(shop.host.post(f"/v1/ads/{ad['ad_id']}/appeal", {}))["review"]["state"] == "pending"


def test_a_decision_is_taken_once_for_a_key(shop):
    ad = shop.ad()
    path, body = f"/v1/review/ads/{ad['ad_id']}/decide", {"creative_version": 1, "verdict": "approved"}
    first = shop.host.post(path, body, idempotency_key="a")
    again = shop.host.post(path, body, idempotency_key="a")
    assert (first.status_code, again.content) == (200, first.content)
    assert len(done(shop.host.get(f"/v1/ads/{ad['ad_id']}/decisions"))["items"]) == 1


# The creator's word ---------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(shop) -> dict[str, Any]:
    """An ad on a post whose creator reserved their word on each."""
    grant = made(
        shop.host.post(f"/v1/posts/{shop.post_id}/authorizations", {"days": 30, "terms": {"approve_each_ad": True}})
    )
    done(shop.host.post(f"/v1/advertisers/{shop.brand}/codes", {"codes": [grant["code"]]}))
    return shop.ad()


def awaiting(shop: Shop) -> list[str]:
    found = done(shop.host.get(f"/v1/creators/{shop.creator.id}/ads?creator_word=pending"))
    return [one["ad_id"] for one in found["items"]]


def test_a_creator_finds_what_waits_for_their_word_and_says_it(shop, asked):
    path = f"/v1/ads/{asked['ad_id']}/creator-approval"
    assert (asked["creator_word"], awaiting(shop)) == ("pending", [asked["ad_id"]])
    told = done(shop.host.post(path, {"creator_id": str(shop.creator.id), "verdict": "approved"}))
    assert (told["creator_word"], awaiting(shop)) == ("approved", [])
    changed = done(shop.host.post(path, {"creator_id": str(shop.creator.id), "verdict": "refused"}))
    assert changed["creator_word"] == "refused"
    stale = shop.host.post(path, {"creator_id": str(shop.creator.id), "verdict": "approved", "creative_version": 2})
    assert (stale.status_code, errors_of(stale)) == (409, [("creative_version", "ad_changed_since_seen")])


def test_another_creators_word_is_not_asked(shop, asked, means):
    other = a_creator(means, handle="other")
    refused = shop.host.post(
        f"/v1/ads/{asked['ad_id']}/creator-approval", {"creator_id": str(other.id), "verdict": "approved"}
    )
    assert (refused.status_code, state(shop, asked)) == (404, "pending")


def test_a_word_that_nobody_asked_for_is_a_conflict(shop):
    ad = shop.ad()
    refused = shop.host.post(
        f"/v1/ads/{ad['ad_id']}/creator-approval", {"creator_id": str(shop.creator.id), "verdict": "approved"}
    )
    assert (refused.status_code, errors_of(refused)[0][1]) == (409, "creator_word_not_asked")


def test_a_creators_ads_are_listed_by_post_whoever_they_are_of(shop, means):
    mine = shop.ad()
    rival = advertiser_of(shop.host, "Another brand")[1]
    campaign = made(shop.host.post(f"/v1/advertisers/{rival}/campaigns", a_campaign()))["campaign_id"]
    adgroup = made(shop.host.post(f"/v1/campaigns/{campaign}/adgroups", an_adgroup()))["adgroup_id"]
    second = a_post(means, shop.creator)
    grant = made(shop.host.post(f"/v1/posts/{second.id}/authorizations", {"days": 30}))
    applied = done(shop.host.post(f"/v1/advertisers/{rival}/codes", {"codes": [grant["code"]]}))
    identity = applied["results"][0]["bound"]["identity_id"]
    theirs = made(shop.host.post(f"/v1/adgroups/{adgroup}/ads", an_ad(identity, str(second.id))))
    here = f"/v1/creators/{shop.creator.id}/ads"

    def listed(query: str) -> list[str]:
        return [one["ad_id"] for one in done(shop.host.get(f"{here}{query}"))["items"]]

    assert listed("") == [theirs["ad_id"], mine["ad_id"]]
    assert listed(f"?post_id={shop.post_id}") == [mine["ad_id"]]
    page = done(shop.host.get(f"{here}?limit=1"))
    assert listed(f"?limit=1&cursor={page['next_cursor']}") == [mine["ad_id"]]
    assert shop.host.get(f"{here}?creator_word=approved").status_code == 422


# Revocation -----------------------------------------------------------------------------------------------------------


def test_a_revocation_at_the_end_of_campaigns_waits_for_them(shop):
    ad = shop.ad()
    told = done(shop.host.post(f"/v1/authorizations/{ad['authorization_id']}/revoke", {"when": "campaigns_end"}))
    assert told["state"] == "bound"
    assert told["revoke_at"] == ad["authorized_until"]
    shop.host.post(f"/v1/ads/{ad['ad_id']}/switch", {"operation_status": "DISABLE"})
    again = done(shop.host.post(f"/v1/authorizations/{ad['authorization_id']}/revoke", {"when": "campaigns_end"}))
    assert again["state"] == "revoked"


def test_the_queue_costs_the_same_queries_whatever_its_length(shop):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            done(shop.host.get("/v1/review/ads?limit=100"))
        return len(seen)

    shop.ad()
    few = cost()
    for number in range(8):
        shop.ad(name=f"Ad {number}")
    assert cost() == few <= 14
