"""An app acts for a creator: it gets tokens, authorizes posts, and lists them."""

from __future__ import annotations

import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from tests.builders import a_creator, a_post
from tests.doors.marketing_api.conftest import Dialect

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"


@pytest.fixture
def creator(means):
    return a_creator(means, bio="Peaux sensibles")


@pytest.fixture
def post(means, creator):
    return a_post(means, creator)


@pytest.fixture
def proof(brand) -> dict[str, str]:
    return {"client_id": str(brand.app_id), "client_secret": brand.app_secret}


@pytest.fixture
def tokens(means, brand, creator, proof):
    """Agree as a creator and exchange the code: returns ``tokens(scopes)``."""

    def tokens(*scopes: str, who=creator):
        more = {"scopes": scopes} if scopes else {}
        code = accounts.agree_creator(means, app_id=brand.app_id, creator_id=who.id, redirect_uri=BACK, **more)
        answer = Dialect().post(
            "tt_user/oauth2/token", **proof, grant_type="authorization_code", auth_code=code, redirect_uri=BACK
        )
        assert answer["code"] == 0, answer
        return answer["data"]

    return tokens


@pytest.fixture
def app(tokens) -> Dialect:
    return Dialect(tokens()["access_token"])


@pytest.fixture
def item(creator, post) -> dict[str, str]:
    return {"business_id": str(creator.id), "item_id": str(post.id)}


def test_the_shape_of_the_tokens(tokens, creator, brand, proof):
    data = tokens()
    assert data.keys() == {
        *("access_token", "token_type", "expires_in", "refresh_token", "refresh_token_expires_in", "open_id", "scope")
    }
    assert (data["token_type"], data["expires_in"], data["open_id"]) == ("Bearer", 86_400, str(creator.id))
    assert data["refresh_token_expires_in"] == 365 * 86_400
    told = Dialect().post("tt_user/token_info/get", app_id=str(brand.app_id), access_token=data["access_token"])
    assert told["data"] == {
        "app_id": str(brand.app_id),
        "scope": "user.info.basic,video.list,video.publish,comment.list,biz.spark.auth",
        "creator_id": str(creator.id),
    }


def test_a_token_lasts_a_day_and_is_refreshed(clock, tokens, proof, creator):
    data = tokens()
    ask = {"business_id": creator.id}
    assert Dialect(data["access_token"]).get("business/get", **ask)["code"] == 0
    clock.advance(days=1)
    assert Dialect(data["access_token"]).get("business/get", **ask)["code"] == 40102
    body = {**proof, "grant_type": "refresh_token", "refresh_token": data["refresh_token"]}
    fresh = Dialect().post("tt_user/oauth2/refresh_token", **body)["data"]
    assert Dialect(fresh["access_token"]).get("business/get", **ask)["code"] == 0
    assert Dialect(data["access_token"]).get("business/get", **ask)["code"] == 40105
    assert Dialect().post("tt_user/oauth2/refresh_token", **{**body, "refresh_token": "x"})["code"] == 40107
    assert Dialect().post("tt_user/oauth2/refresh_token", **{**body, "grant_type": "x"})["code"] == 40108
    clock.advance(days=365)
    assert Dialect().post("tt_user/oauth2/refresh_token", **body)["code"] == 40103


def test_a_token_is_revoked_at_its_apps_word(tokens, proof, creator):
    token = tokens()["access_token"]
    assert Dialect().post("tt_user/oauth2/revoke", **proof, access_token=token)["code"] == 0
    assert Dialect(token).get("business/get", business_id=creator.id)["code"] == 40105
    assert Dialect().post("tt_user/oauth2/revoke", **proof, access_token=token)["code"] == 40105


def test_the_two_kinds_of_tokens_do_not_open_each_others_doors(brand, app, creator):
    assert brand.client().get("business/get", business_id=creator.id)["code"] == 40105
    assert app.get("tt_video/list", advertiser_id=brand.advertiser.id)["code"] == 40105


def test_a_scope_that_was_not_agreed_to(tokens, item):
    token = Dialect(tokens("user.info.basic")["access_token"])
    assert token.get("business/get", business_id=item["business_id"])["code"] == 0
    assert token.get("business/post/authorize/status", **item)["code"] == 40130


def test_switching_on_makes_a_code_that_is_told_once(app, item, brand):
    on = app.post("business/post/authorize/setting", **item, is_ad_promotable=True, authorization_days=60)["data"]
    assert on.keys() == {
        *("item_id", "auth_code", "auth_code_start_time", "auth_code_end_time", "authorization_days"),
        "auth_code_status",
    }
    assert (on["authorization_days"], on["auth_code_status"]) == (60, "NOT_USED")
    again = app.post("business/post/authorize/setting", **item, is_ad_promotable=True)["data"]
    status = app.get("business/post/authorize/status", **item)["data"]
    assert again == status
    assert status["auth_code"] != on["auth_code"]
    assert status["auth_code_end_time"] == on["auth_code_end_time"]
    applied = brand.client().post(
        "tt_video/authorize", advertiser_id=str(brand.advertiser.id), auth_code=on["auth_code"]
    )
    assert applied["data"]["item_id"] == item["item_id"]
    assert app.get("business/post/authorize/status", **item)["data"]["auth_code_status"] == "IN_USE"


def test_a_post_that_never_had_a_code(app, item):
    assert app.get("business/post/authorize/status", **item)["data"]["auth_code_status"] is None
    for path in ("business/post/authorize", "business/post/authorize/delete"):
        answer = app.post(path, **item)
        assert (answer["code"], answer["message"].split(":")[0]) == (40002, "item_id")


def test_it_is_extended_before_its_end_and_not_after(app, item, clock):
    app.post("business/post/authorize/setting", **item, is_ad_promotable=True, authorization_days=7)
    first = app.get("business/post/authorize/status", **item)["data"]["auth_code_end_time"]
    assert app.post("business/post/authorize", **item, authorization_days=30)["code"] == 0
    assert app.get("business/post/authorize/status", **item)["data"]["auth_code_end_time"] > first
    assert app.post("business/post/authorize", **item, authorization_days=8)["code"] == 40002


@pytest.mark.parametrize("how", ["setting", "delete"])
def test_switching_off_or_deleting_revokes_at_once(app, item, brand, how):
    code = app.post("business/post/authorize/setting", **item, is_ad_promotable=True)["data"]["auth_code"]
    if how == "setting":
        off = app.post("business/post/authorize/setting", **item, is_ad_promotable=False)
        assert off["data"]["auth_code_status"] == "DELETED"
    else:
        assert app.post("business/post/authorize/delete", **item)["code"] == 0
        assert app.post("business/post/authorize/delete", **item)["code"] == 0
    applied = brand.client().post("tt_video/authorize", advertiser_id=str(brand.advertiser.id), auth_code=code)
    assert applied["data"]["error_name"] == "auth_code_revoked"
    fresh = app.post("business/post/authorize/setting", **item, is_ad_promotable=True)["data"]
    assert fresh["auth_code_status"] == "NOT_USED"


def test_what_cannot_be_authorized_is_refused_by_name(means, app, creator):
    private = a_post(means, creator, visibility="private")
    story = a_post(means, creator, format="story")
    for post, name in ((private, "not_public_video"), (story, "carousel_duet_not_supported")):
        answer = app.post(
            "business/post/authorize/setting",
            business_id=str(creator.id),
            item_id=str(post.id),
            is_ad_promotable=True,
        )
        assert (answer["code"], answer["data"]["error_name"]) == (40002, name)


def test_another_creators_account_and_posts_are_out_of_reach(means, app, item, tokens):
    other = a_creator(means, handle="zoe")
    theirs = a_post(means, other)
    foreign = app.get("business/get", business_id=other.id)
    unknown = app.get("business/get", business_id=12)
    assert (foreign["code"], foreign["message"]) == (40001, unknown["message"])
    body = {**item, "is_ad_promotable": True}
    foreign = app.post("business/post/authorize/setting", **{**body, "item_id": str(theirs.id)})
    unknown = app.post("business/post/authorize/setting", **{**body, "item_id": "12"})
    assert (foreign["code"], foreign["message"]) == (40007, unknown["message"])


def test_videos_are_listed_by_cursor(means, app, creator):
    made = [str(a_post(means, creator).id) for _ in range(5)]
    first = app.get("business/video/list", business_id=creator.id, max_count=3)["data"]
    assert first["has_more"] is True
    second = app.get("business/video/list", business_id=creator.id, max_count=3, cursor=first["cursor"])["data"]
    assert [row["item_id"] for row in first["videos"] + second["videos"]] == list(reversed(made))
    assert (second["has_more"], second["cursor"]) == (False, 0)
    assert first["videos"][0].keys() == {"item_id"}


def test_fields_and_filters_of_videos(means, app, creator):
    plain, hidden = a_post(means, creator), a_post(means, creator, ads_only=True)
    theirs = a_post(means, a_creator(means, handle="zoe"))
    ask = {"business_id": creator.id, "fields": ["item_id", "caption", "is_ad", "video_duration"]}
    rows = app.get("business/video/list", **ask, filters={"video_ids": [str(theirs.id), str(plain.id)]})["data"][
        "videos"
    ]
    assert rows == [{"item_id": str(plain.id), "caption": plain.caption, "video_duration": 12.0, "is_ad": False}]
    rows = app.get("business/video/list", **ask, filters={"ad_post_only": True})["data"]["videos"]
    assert [row["item_id"] for row in rows] == [str(hidden.id)]
    assert app.get("business/video/list", **{**ask, "fields": ["shoe_size"]})["code"] == 40002
    assert app.get("business/video/list", business_id=creator.id, max_count=21)["code"] == 40002


def test_the_account_is_told(app, creator):
    data = app.get("business/get", business_id=creator.id)["data"]
    assert data == {
        "username": creator.handle,
        "display_name": creator.display_name,
        "bio_description": "Peaux sensibles",
        "profile_image": "",
        "is_business_account": False,
    }
    assert app.get("business/get", business_id=creator.id, fields=["username"])["data"] == {"username": creator.handle}


def test_a_creator_who_goes_takes_their_tokens_along(means, app, creator):
    accounts.retire_creator(means, COMMAND, creator_id=creator.id)
    assert app.get("business/get", business_id=creator.id)["code"] == 40105
