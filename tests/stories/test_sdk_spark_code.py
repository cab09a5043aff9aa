"""A creator authorizes a post, an advertiser receives it: the official SDK does it over a served house.

The steps are those of ``docs/stories``. The host's program speaks ``/v1`` for the creator; the advertiser's program is
the official SDK, of which only the host was changed.
"""

from __future__ import annotations

import hashlib
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import business_api_client as sdk
import pytest
from business_api_client.tiktok_business.tiktok_exceptions import TiktokSDKError

from tests.drawing import a_picture
from tests.stories.sdk_house import Advertiser, Host, House, own_house

__all__ = ["own_house"]


@pytest.fixture
def creator(host: Host) -> str:
    number = creator.count = getattr(creator, "count", 0) + 1
    return host.ask("POST", "/v1/creators", {"handle": f"lea{number}", "display_name": "Léa"})["creator_id"]


@pytest.fixture
def post(host: Host, house: House, creator: str) -> str:
    made = host.publish(
        house.clip, creator_id=creator, caption="Ma crème, un mois après", format="video", visibility="public"
    )
    assert made["state"] == "live"
    return made["post_id"]


@pytest.fixture
def grant(host: Host, post: str) -> dict[str, str]:
    return host.ask("POST", f"/v1/posts/{post}/authorizations", {"days": 30})


def authorize(who: Advertiser, code: str):
    return who.post("tt_video/authorize", advertiser_id=who.id, auth_code=code)


def info(who: Advertiser, code: str):
    return who.get("tt_video/info", advertiser_id=who.id, auth_code=code)


def listed(who: Advertiser, **params):
    return who.get("tt_video/list", advertiser_id=who.id, **params)


def test_the_code_is_applied_and_given_back_byte_for_byte_with_the_very_file(brand, house, post, grant):
    code = grant["code"]
    assert info(brand, code)["item_info"]["item_id"] == post
    authorize(brand, code)
    authorize(brand, code)
    rows = listed(brand, keyword=post)["list"]
    assert [row["item_info"]["auth_code"] for row in rows] == [code]
    video = rows[0]["video_info"]
    assert video["preview_url"].startswith(house.address)
    with urllib.request.urlopen(video["preview_url"], timeout=20) as answer:
        got = answer.read()
    assert hashlib.md5(got, usedforsecurity=False).hexdigest() == video["signature"]
    assert len(got) == video["size"]
    with urllib.request.urlopen(video["poster_url"], timeout=20) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"


def test_the_pictures_of_a_carousel_are_told_in_their_order_and_each_is_served(host, brand, creator, tmp_path):
    album = [a_picture(tmp_path / f"{light}.png", light=light) for light in (40, 120, 200)]
    made = host.publish(*album, creator_id=creator, format="carousel", caption="Le marché")
    assert len(made["media"]["pictures"]) == 3
    code = host.ask("POST", f"/v1/posts/{made['post_id']}/authorizations", {"days": 30})["code"]
    authorize(brand, code)
    (row,) = listed(brand, keyword=made["post_id"], item_types=["CAROUSEL"])["list"]
    assert row["video_info"] is None
    served = []
    for picture in row["item_info"]["carousel_info"]["image_info"]:
        with urllib.request.urlopen(picture["image_url"], timeout=20) as answer:
            assert answer.headers["Content-Type"] == "image/png"
            served.append(hashlib.md5(answer.read(), usedforsecurity=False).hexdigest())
    assert served == [picture["md5"] for picture in made["media"]["pictures"]]
    assert len(set(served)) == 3


def test_the_identity_behind_the_code_is_read_by_the_typed_calls(brand, post, grant):
    authorize(brand, grant["code"])
    api = sdk.IdentityApi(brand.client)
    found = api.identity_get(brand.id, brand.token, identity_type="AUTH_CODE", page_size=100)["data"]
    mine = [row["identity_id"] for row in found["identity_list"]]
    assert info(brand, grant["code"])["user_info"]["identity_id"] in mine
    identity_id = info(brand, grant["code"])["user_info"]["identity_id"]
    told = api.identity_video_info(brand.token, brand.id, "AUTH_CODE", identity_id, post)["data"]
    assert told["video_detail"]["item_id"] == post
    several = brand.get(
        "identity/video/get", advertiser_id=brand.id, identity_id=identity_id, identity_type="AUTH_CODE"
    )
    assert post in [row["item_id"] for row in several["video_list"]]


def test_forty_advertisers_at_once_on_one_code(house, brand, grant):
    """One wins, thirty-nine are told that it was used."""
    bodies = [
        {
            "bc_id": brand.bc_id,
            "advertiser_info": {"name": f"A{number}", "currency": "EUR", "timezone": "Europe/Paris"},
            "customer_info": {"company": "Forty"},
        }
        for number in range(40)
    ]
    ids = [brand.post("bc/advertiser/create", **body)["advertiser_id"] for body in bodies]

    def apply(advertiser_id: str) -> str:
        try:
            brand.post("tt_video/authorize", advertiser_id=advertiser_id, auth_code=grant["code"])
        except TiktokSDKError as error:
            return str(error).split("message: ")[1].split(":")[0]
        return "applied"

    with ThreadPoolExecutor(40) as pool:
        told = sorted(pool.map(apply, ids))
    assert told == ["applied"] + ["auth_code_already_used"] * 39


@pytest.mark.parametrize("made_as", ["duet", "stitch"])
def test_a_duet_or_a_stitch_comes_with_the_code_of_the_video_it_was_made_with(host, house, brand, post, grant, made_as):
    other = host.ask("POST", "/v1/creators", {"handle": f"zoe.{made_as}", "display_name": "Zoé"})["creator_id"]
    made = host.publish(house.clip, creator_id=other, format=made_as, of_post_id=post)["post_id"]
    code = host.ask("POST", f"/v1/posts/{made}/authorizations", {"days": 7})["code"]
    both = {"advertiser_id": brand.id, "auth_code": code}
    for second, name in ((code, "original_post_auth_code_mismatch"), (grant["code"][:-4], "auth_code_format_error")):
        refused = brand.refused(brand.post, "tt_video/authorize", **both, original_post_auth_code=second)
        assert (refused.code, refused.message.split(":")[:2]) == (40002, [name, " original_post_auth_code"])
    assert listed(brand, keyword=made)["list"] == []
    brand.post("tt_video/authorize", **both, original_post_auth_code=grant["code"])
    (row,) = listed(brand, keyword=made)["list"]
    assert row["item_info"][f"{made_as}_original_item_id"] == post
    assert [one["item_info"]["item_id"] for one in listed(brand, keyword=post)["list"]] == [post]
    grants = [host.ask("GET", f"/v1/authorizations/{grant['authorization_id']}")["state"]]
    assert grants == ["bound"]


class TestRefused:
    """Each refusal by its real cause, the same through the dialect and through ``/v1``."""

    def told(self, host: Host, who: Advertiser, code: str, name: str) -> None:
        for call in (authorize, info):
            refused = who.refused(call, who, code)
            assert (refused.code, refused.message.split(":")[0]) == (40002, name)
        verdicts = host.ask("POST", f"/v1/advertisers/{who.id}/codes", {"codes": [code]})
        assert name in str(verdicts)

    def test_malformed(self, host, brand, grant):
        self.told(host, brand, grant["code"][:-4], "auth_code_format_error")

    def test_revoked(self, host, brand, grant):
        host.ask("POST", f"/v1/authorizations/{grant['authorization_id']}/revoke", {"when": "now"})
        self.told(host, brand, grant["code"], "auth_code_revoked")

    def test_used_by_another(self, host, brand, rival, grant):
        authorize(rival, grant["code"])
        self.told(host, brand, grant["code"], "auth_code_already_used")

    def test_deleted(self, host, brand, post, grant):
        host.ask("DELETE", f"/v1/posts/{post}")
        self.told(host, brand, grant["code"], "video_unavailable")

    def test_made_private(self, host, brand, post, grant):
        host.ask("PATCH", f"/v1/posts/{post}", {"visibility": "private"})
        self.told(host, brand, grant["code"], "not_public_video")

    def test_expired(self, host, brand, grant):
        host.ask("POST", "/sandbox/v1/clock", {"advance_s": 30 * 86_400 - 60})
        assert info(brand, grant["code"])["auth_info"]["ad_auth_status"] == "AUTHORIZED"
        host.ask("POST", "/sandbox/v1/clock", {"advance_s": 60})
        self.told(host, brand, grant["code"], "auth_code_expired")


def test_by_account_access_no_code_is_needed(host, brand, creator, post):
    asked = host.ask(
        "POST", "/v1/access-requests", {"bc_id": brand.bc_id, "permissions": ["existing_posts", "new_posts"]}
    )
    host.ask("POST", f"/v1/access-requests/{asked['request_id']}/accept", {"creator_id": creator})
    api = sdk.BCApi(brand.client)
    assets = api.bc_asset_get(brand.bc_id, "TT_ACCOUNT", brand.token, page_size=50)["data"]["list"]
    assert creator in [row["asset_id"] for row in assets]
    link = {"bc_id": brand.bc_id, "asset_id": creator, "advertiser_id": brand.id}
    brand.post("bc/asset/advertiser/assign", **link)
    linked = brand.get("bc/asset/advertiser/assigned", bc_id=brand.bc_id, asset_id=creator, page_size=50)["list"]
    assert brand.id in [row["advertiser_id"] for row in linked]
    identities = brand.get(
        "identity/get",
        advertiser_id=brand.id,
        identity_type="BC_AUTH_TT",
        identity_authorized_bc_id=brand.bc_id,
        page_size=100,
    )["identity_list"]
    found = []
    for identity in identities:
        asked = {key: identity[key] for key in ("identity_id", "identity_type", "identity_authorized_bc_id")}
        found += brand.get("identity/video/get", advertiser_id=brand.id, **asked)["video_list"]
    assert post in [row["item_id"] for row in found]


def test_the_link_of_the_dialect_is_absolute(brand, house):
    url = brand.get("bc/asset/account/authorization", bc_id=brand.bc_id)["bc_auth_qr_code"]
    assert url.startswith(f"{house.address}/acces/")
