"""A creator authorizes a post or an account through its host; an advertiser receives it."""

from __future__ import annotations

import pytest

from attise.kernel.clock import rfc3339
from attise.kernel.limits import DAY_MS, GRANT_DAYS
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import advertiser_of, errors_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


def grant(host, post, **body):
    response = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 30, **body})
    assert response.status_code == 201, response.content
    return response.json()


def test_a_post_is_authorized_and_its_code_shown_once(host, post, clock):
    made = grant(host, post)
    assert made["state"] == "issued"
    assert (made["kind"], made["days"], made["post_id"]) == ("post", 30, str(post.id))
    assert made["starts_at"] == rfc3339(clock.world_ms())
    assert made["ends_at"] == rfc3339(clock.world_ms() + 30 * DAY_MS)
    code = made.pop("code")
    assert made["code_mask"] != code
    path = f"/v1/authorizations/{made['authorization_id']}"
    assert host.get(path).json() == made
    for listed in (f"/v1/posts/{post.id}/authorizations", f"/v1/creators/{post.creator_id}/authorizations"):
        assert host.get(listed).json() == {"items": [made], "next_cursor": None}
    assert code.encode() not in host.get(f"{path}/history").content


def test_only_four_durations_are_taken(host, post):
    for days in (0, 1, 29, 31, 366, -7, 10**30):
        response = host.post(f"/v1/posts/{post.id}/authorizations", {"days": days})
        assert response.status_code == 422
        assert errors_of(response) == [("days", "grant_days_invalid")]
        assert "7, 30, 60" in response.json()["error"]["message"]
    for days in ("30", 30.0, True, None):
        response = host.post(f"/v1/posts/{post.id}/authorizations", {"days": days})
        assert response.status_code == 422
        assert errors_of(response) == [("days", "field_invalid")]
    for days in GRANT_DAYS:
        assert grant(host, post, days=days)["days"] == days


def test_terms_are_stored_told_and_versioned(host, post):
    terms = {
        "spend_cap_micros": 500_000_000,
        "currency": "EUR",
        "countries": ["FR", "BE"],
        "refused_objectives": ["APP_PROMOTION"],
        "refused_categories": [],
        "share_ppm": 100_000,
        "fee_micros": 0,
        "approve_each_ad": True,
        "max_advertisers": 2,
    }
    made = grant(host, post, terms=terms)
    assert made["terms"] == terms
    assert made["terms_version"] == 1
    told = host.get(f"/v1/posts/{post.id}").json()
    assert told["partnership"]
    assert told["label"]["fr"] == "Collaboration commerciale"
    path = f"/v1/authorizations/{made['authorization_id']}"
    changed = host.patch(path, {"terms": {**terms, "countries": ["FR"]}}).json()
    assert (changed["terms"]["countries"], changed["terms_version"]) == (["FR"], 2)


def test_every_wrong_term_is_told_at_once(host, post):
    body = {"days": 30, "terms": {"spend_cap_micros": 5, "share_ppm": 1, "fee_micros": 2, "countries": ["XX"]}}
    response = host.post(f"/v1/posts/{post.id}/authorizations", body)
    assert response.status_code == 422
    assert {field for field, _ in errors_of(response)} == {"terms.currency", "terms.share_ppm", "terms.countries"}
    body = {"days": 30, "terms": {"share_ppm": 1_000_001, "max_advertisers": 0, "budget": 1, "countries": "FR"}}
    response = host.post(f"/v1/posts/{post.id}/authorizations", body)
    assert {field for field, _ in errors_of(response)} == {
        "terms.share_ppm",
        "terms.max_advertisers",
        "terms.budget",
        "terms.countries",
    }


def test_an_advertiser_applies_codes_and_gets_a_verdict_for_each(host, post, means):
    code = grant(host, post)["code"]
    _, advertiser_id = advertiser_of(host)
    response = host.post(f"/v1/advertisers/{advertiser_id}/codes", {"codes": ["nonsense", code, f" {code} "]})
    assert response.status_code == 200
    wrong, bound, again = response.json()["results"]
    assert (wrong["index"], wrong["status"], wrong["error"]["code"]) == (0, "rejected", "auth_code_format_error")
    assert wrong["error"]["field"] == "code"
    assert wrong["error"]["next"]
    assert (bound["status"], again["status"]) == ("bound", "bound")
    assert bound["bound"]["post"]["post_id"] == str(post.id)
    assert bound["bound"]["authorization"]["state"] == "bound"
    assert bound["bound"] == again["bound"]
    library = host.get(f"/v1/advertisers/{advertiser_id}/posts").json()
    assert library == {"items": [bound["bound"]], "next_cursor": None}
    assert code.encode() not in response.content
    identities = host.get(f"/v1/advertisers/{advertiser_id}/identities").json()["items"]
    assert [one["identity_id"] for one in identities] == [bound["bound"]["identity_id"]]
    assert host.get(f"/v1/advertisers/{advertiser_id}/identities?identity_type=TT_USER").json()["items"] == []


def test_a_code_is_looked_at_before_it_is_applied(host, post):
    code = grant(host, post)["code"]
    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}/codes/preview"
    seen = host.post(path, {"code": code}).json()
    assert seen["post"]["post_id"] == str(post.id)
    assert seen["identity_id"] is None
    assert seen["authorization"]["state"] == "issued"
    for wrong, hinted in ((code[:-1], False), (code[1:], True)):
        response = host.post(path, {"code": wrong})
        assert response.status_code == 422
        assert errors_of(response) == [("code", "auth_code_format_error")]
        assert response.json()["error"]["next"].startswith("A code begins with #.") is hinted
    verdicts = host.post(f"/v1/advertisers/{advertiser_id}/codes", {"codes": [code[1:]]}).json()["results"]
    assert verdicts[0]["error"]["next"].startswith("A code begins with #.")


def test_guessing_is_made_to_wait_and_a_preview_counts(host, post):
    code = grant(host, post)["code"]
    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}/codes"
    for _ in range(5):
        assert host.post(f"{path}/preview", {"code": "guess"}).status_code == 422
    host.post(path, {"codes": ["guess"] * 5}, idempotency_key="guesses")
    response = host.post(f"{path}/preview", {"code": code})
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    verdict = host.post(path, {"codes": [code]}).json()["results"][0]
    assert (verdict["status"], verdict["error"]["code"]) == ("rejected", "too_many_requests")


def test_nobody_waits_in_a_sandbox(host, post, sandbox):
    code = grant(host, post)["code"]
    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}/codes"
    host.post(path, {"codes": ["guess"] * 20})
    assert host.post(path, {"codes": [code]}).json()["results"][0]["status"] == "bound"


def test_a_library_is_searched_and_goes_on(host, means):
    creator = a_creator(means)
    posts = [a_post(means, creator, caption=f"Video number {n}") for n in range(3)]
    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}"
    host.post(f"{path}/codes", {"codes": [grant(host, post)["code"] for post in posts]})
    seen, cursor = [], ""
    while cursor is not None:
        part = host.get(f"{path}/posts?limit=2{cursor}").json()
        seen += [item["post"]["post_id"] for item in part["items"]]
        cursor = part["next_cursor"] and f"&cursor={part['next_cursor']}"
    assert seen == [str(post.id) for post in posts[::-1]]
    found = host.get(f"{path}/posts?keyword=number 1").json()["items"]
    assert [item["post"]["post_id"] for item in found] == [str(posts[1].id)]
    cursor = host.get(f"{path}/posts?limit=2").json()["next_cursor"]
    assert errors_of(host.get(f"{path}/posts?limit=1&cursor={cursor}")) == [("cursor", "cursor_invalid")]


def test_a_post_is_removed_from_a_library_once_its_grant_is_over(host, post):
    made = grant(host, post)
    _, advertiser_id = advertiser_of(host)
    host.post(f"/v1/advertisers/{advertiser_id}/codes", {"codes": [made["code"]]})
    path = f"/v1/advertisers/{advertiser_id}/posts/{post.id}"
    response = host.delete(path)
    assert response.status_code == 409
    assert errors_of(response)[0][1] == "authorization_running"
    host.post(f"/v1/authorizations/{made['authorization_id']}/revoke", {"when": "now"})
    assert host.delete(path).json() == {"removed": True}
    assert host.delete(path).status_code == 404


def test_a_grant_is_extended_before_its_end_and_not_after(host, post, clock):
    made = grant(host, post, days=7)
    path = f"/v1/authorizations/{made['authorization_id']}"
    longer = host.post(f"{path}/extend", {"days": 30}).json()
    assert longer["ends_at"] == rfc3339(clock.world_ms() + 37 * DAY_MS)
    clock.advance(days=37)
    assert host.get(path).json()["state"] == "expired"
    response = host.post(f"{path}/extend", {"days": 30})
    assert response.status_code == 409
    assert errors_of(response) == [("authorization_id", "authorization_over")]


def test_an_extension_with_a_key_extends_once(host, post, clock):
    made = grant(host, post, days=7)
    path = f"/v1/authorizations/{made['authorization_id']}/extend"
    first = host.post(path, {"days": 7}, idempotency_key="e1")
    again = host.post(path, {"days": 7}, idempotency_key="e1")
    assert first.content == again.content
    assert first.json()["ends_at"] == rfc3339(clock.world_ms() + 14 * DAY_MS)


def test_a_revocation_is_never_refused_and_leaves_a_history(host, post):
    made = grant(host, post)
    path = f"/v1/authorizations/{made['authorization_id']}"
    assert host.post(f"{path}/revoke", {"when": "now"}).json()["state"] == "revoked"
    assert host.post(f"{path}/revoke", {"when": "campaigns_end"}).json()["state"] == "revoked"
    history = host.get(f"{path}/history").json()["items"]
    assert [entry["verb"] for entry in history] == ["issued", "revoked"]
    assert all(entry["actor"].startswith("host:") for entry in history)
    assert history[0]["details"]["ends_at"] == made["ends_at"]
    assert host.post(f"{path}/revoke", {"when": "later"}).status_code == 422


def test_a_private_post_needs_the_creators_word(host, means):
    post = a_post(means, a_creator(means), visibility="private")
    response = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7})
    assert response.status_code == 422
    assert errors_of(response) == [("post_id", "not_public_video")]
    grant(host, post, make_public=True)
    assert host.get(f"/v1/posts/{post.id}").json()["visibility"] == "public"


def test_a_story_is_refused_when_the_code_is_asked_for(host, means):
    post = a_post(means, a_creator(means), format="story")
    response = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7})
    assert errors_of(response) == [("post_id", "carousel_duet_not_supported")]
    assert response.status_code == 422


def test_an_account_is_asked_for_seen_and_accepted_once(host, means, clock):
    creator = a_creator(means)
    bc_id, advertiser_id = advertiser_of(host)
    asked = host.post("/v1/access-requests", {"bc_id": bc_id, "permissions": ["new_posts", "existing_posts"]})
    assert asked.status_code == 201
    question = asked.json()
    assert question["state"] == "pending"
    assert question["permissions"] == ["existing_posts", "new_posts"]
    assert question["expires_at"] == rfc3339(clock.wire_ms() + 600_000)
    url = question.pop("url")
    path = f"/v1/access-requests/{question['request_id']}"
    assert host.get(path).json() == question
    assert url.rsplit("/", 1)[1] not in host.get(path).content.decode()

    accepted = host.post(f"{path}/accept", {"creator_id": str(creator.id)})
    assert accepted.status_code == 200
    assert (accepted.json()["kind"], accepted.json()["bc_id"]) == ("account", bc_id)
    assert host.get(path).json()["state"] == "accepted"
    response = host.post(f"{path}/refuse", {"creator_id": str(creator.id)})
    assert response.status_code == 409
    assert errors_of(response) == [("request_id", "access_request_answered")]
    identities = host.get(f"/v1/advertisers/{advertiser_id}/identities").json()["items"]
    assert [(one["identity_type"], one["can_use_posts"], one["can_publish"]) for one in identities] == [
        ("BC_AUTH_TT", True, True)
    ]
    listed = host.get(f"/v1/creators/{creator.id}/authorizations").json()["items"]
    assert [one["kind"] for one in listed] == ["account"]


def test_an_account_is_assigned_taken_back_and_given_back(host, means):
    creator = a_creator(means)
    bc_id, advertiser_id = advertiser_of(host)
    question = host.post("/v1/access-requests", {"bc_id": bc_id, "permissions": ["existing_posts"]}).json()
    host.post(f"/v1/access-requests/{question['request_id']}/accept", {"creator_id": str(creator.id)})
    path = f"/v1/business-centers/{bc_id}/accounts"
    account = host.get(path).json()["items"][0]
    assert (account["creator_id"], account["advertiser_ids"]) == (str(creator.id), [advertiser_id])
    assert host.get(f"{path}?keyword=nobody").json()["items"] == []

    one = {"advertiser_id": advertiser_id}
    taken = host.post(f"{path}/{creator.id}/unassign", one).json()
    assert taken["advertiser_ids"] == []
    assert not host.get(f"/v1/advertisers/{advertiser_id}/identities").json()["items"][0]["is_available"]
    given = host.post(f"{path}/{creator.id}/assign", one).json()
    assert given["advertiser_ids"] == [advertiser_id]
    _, elsewhere = advertiser_of(host, "Elsewhere")
    for other in (elsewhere, "1000000000000000001"):
        response = host.post(f"{path}/{creator.id}/assign", {"advertiser_id": other})
        assert response.status_code == 404
        assert errors_of(response) == [("advertiser_id", "not_found")]

    assert host.delete(f"{path}/{creator.id}").json() == {"removed": True}
    assert host.get(path).json()["items"] == []
    assert host.delete(f"{path}/{creator.id}").status_code == 404
    grant = host.get(f"/v1/authorizations/{account['authorization']['authorization_id']}").json()
    assert grant["state"] == "revoked"


def test_the_link_of_a_question_is_the_page_where_a_creator_answers(host):
    from urllib.parse import urlsplit

    from django.urls import resolve

    bc_id, _ = advertiser_of(host)
    url = host.post("/v1/access-requests", {"bc_id": bc_id, "permissions": ["new_posts"]}).json()["url"]
    assert resolve(urlsplit(url).path, "attise.doors.consoles.urls").url_name == "access_request"


def test_a_question_is_refused_or_too_old(host, means, clock):
    creator = {"creator_id": str(a_creator(means).id)}
    bc_id, _ = advertiser_of(host)
    ask = {"bc_id": bc_id, "permissions": ["existing_posts"]}
    first = host.post("/v1/access-requests", ask).json()["request_id"]
    assert host.post(f"/v1/access-requests/{first}/refuse", creator).json()["state"] == "refused"
    second = host.post("/v1/access-requests", ask).json()["request_id"]
    clock.advance(seconds=600)
    assert host.get(f"/v1/access-requests/{second}").json()["state"] == "expired"
    response = host.post(f"/v1/access-requests/{second}/accept", creator)
    assert response.status_code == 409
    assert errors_of(response) == [("request_id", "access_request_expired")]


def test_a_wrong_question_is_told_so(host):
    bc_id, _ = advertiser_of(host)
    for permissions in ([], ["everything"]):
        response = host.post("/v1/access-requests", {"bc_id": bc_id, "permissions": permissions})
        assert response.status_code == 422
        assert errors_of(response) == [("permissions", "permissions_invalid")]
    response = host.post("/v1/access-requests", {"bc_id": "1000000000000000001", "permissions": ["new_posts"]})
    assert response.status_code == 404
    assert errors_of(response) == [("bc_id", "not_found")]


def test_an_own_account_is_linked_to_its_advertiser(host, means):
    creator = a_creator(means)
    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}/accounts"
    linked = host.post(path, {"creator_id": str(creator.id)})
    assert linked.status_code == 201
    assert (linked.json()["kind"], linked.json()["advertiser_id"]) == ("own", advertiser_id)
    again = host.post(path, {"creator_id": str(creator.id)}).json()
    assert again["authorization_id"] == linked.json()["authorization_id"]
    assert errors_of(host.post(path, {"creator_id": "1000000000000000001"})) == [("creator_id", "not_found")]


def test_business_centers_and_advertisers_are_made_and_listed(host):
    bc_id, advertiser_id = advertiser_of(host, "First")
    other_bc, other = advertiser_of(host, "Second")
    listed = host.get("/v1/business-centers").json()["items"]
    assert [item["bc_id"] for item in listed] == [other_bc, bc_id]
    assert host.get(f"/v1/business-centers/{bc_id}").json() == listed[1]
    everyone = host.get("/v1/advertisers").json()["items"]
    assert [item["advertiser_id"] for item in everyone] == [other, advertiser_id]
    assert host.get(f"/v1/advertisers?bc_id={bc_id}").json()["items"] == [everyone[1]]
    assert host.get(f"/v1/advertisers/{advertiser_id}").json() == everyone[1]
    assert everyone[1]["payer_name"] == "First"
    part = host.get("/v1/advertisers?limit=1").json()
    assert host.get(f"/v1/advertisers?limit=1&cursor={part['next_cursor']}").json()["items"] == [everyone[1]]
    assert host.get("/v1/advertisers?bc_id=1000000000000000001").status_code == 404


def test_an_advertiser_of_no_business_center_is_a_404_and_wrong_facts_are_told_together(host):
    facts = {"name": "", "company": "C", "country": "ZZ", "currency": "EURO", "timezone": "Paris"}
    response = host.post("/v1/advertisers", {**facts, "bc_id": "1000000000000000001", "currency": "XXX"})
    assert {field for field, _ in errors_of(response)} >= {"name", "country", "currency", "timezone"}
    good = {"name": "N", "company": "C", "country": "FR", "currency": "EUR", "timezone": "Europe/Paris"}
    response = host.post("/v1/advertisers", {**good, "bc_id": "1000000000000000001"})
    assert response.status_code == 404
    assert errors_of(response) == [("bc_id", "not_found")]
