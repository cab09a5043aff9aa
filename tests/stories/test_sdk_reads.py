"""The official SDK's typed calls, unchanged but for the host: accounts, members, files, and what is refused."""

from __future__ import annotations

import hashlib
import urllib.request

import business_api_client as sdk
import pytest

from tests.stories.sdk_house import own_house

__all__ = ["own_house"]


def test_the_token_finds_its_accounts(brand):
    api = sdk.AuthenticationApi(brand.client)
    found = api.oauth2_advertiser_get(brand.bundle["app_id"], brand.bundle["secret"], brand.token)["data"]["list"]
    assert found[0] == found[0] | {"advertiser_id": brand.id, "advertiser_name": "Maison Aubrée test_sdk_reads"}


def test_an_account_is_read_and_changed(brand):
    api = sdk.AccountManagementApi(brand.client)
    (row,) = api.advertiser_info([brand.id], brand.token, fields=["name", "currency", "timezone"])["data"]["list"]
    assert row == {"name": "Maison Aubrée test_sdk_reads", "currency": "EUR", "timezone": "Europe/Paris"}
    body = sdk.AdvertiserUpdateBody(advertiser_id=brand.id, address="1 rue X", bc_id=int(brand.bc_id))
    assert api.advertiser_update(brand.token, body=body)["data"] == {}
    (row,) = api.advertiser_info([brand.id], brand.token)["data"]["list"]
    assert row["address"] == "1 rue X"


def test_a_business_center_is_read(brand, rival):
    api = sdk.BCApi(brand.client)
    (row,) = api.bc_get(brand.token, page=1, page_size=50)["data"]["list"]
    assert row["bc_info"]["bc_id"] == brand.bc_id
    members = api.bc_member_get(brand.bc_id, brand.token, filtering=sdk.FilteringBcMemberGet(user_role="ADMIN"))
    assert members["data"]["page_info"]["page"] == 1
    assets = api.bc_asset_admin_get(brand.bc_id, "ADVERTISER", brand.token)["data"]["list"]
    assert brand.id in [one["asset_id"] for one in assets]
    body = sdk.MemberInviteBody(
        bc_id=brand.bc_id, emails=["new@example.org"], asset_type="ADVERTISER", asset_ids=[brand.id, rival.id]
    )
    invited = api.bc_member_invite(brand.token, body=body)
    assert "/invitation/" in invited["data"]["invitations"][0]["url"]


def test_a_video_and_a_picture_go_up_and_are_found(brand, house, tmp_path):
    api = sdk.FileApi(brand.client)
    signature = hashlib.md5(house.clip.read_bytes(), usedforsecurity=False).hexdigest()
    (video,) = api.ad_video_upload(
        brand.token,
        advertiser_id=brand.id,
        upload_type="UPLOAD_BY_FILE",
        video_file=str(house.clip),
        video_signature=signature,
        file_name="sdk.mp4",
        flaw_detect=True,
        auto_bind_enabled=False,
    )["data"]
    assert video["file_name"] == "sdk.mp4"
    (row,) = api.ad_video_info(brand.id, [video["video_id"]], brand.token)["data"]["list"]
    assert row["signature"] == video["signature"]
    covers = brand.get("file/video/suggestcover", advertiser_id=brand.id, video_id=video["video_id"], poster_number=4)[
        "list"
    ]
    pictures = set()
    for cover in covers:
        with urllib.request.urlopen(cover["url"], timeout=20) as answer:
            assert answer.headers["Content-Type"] == "image/jpeg"
            pictures.add(answer.read())
    assert len(covers) == len(pictures) == 4
    found = api.ad_video_search(
        brand.id, brand.token, filtering=sdk.FilteringVideoAdSearch(video_ids=[video["video_id"]]), page_size=100
    )["data"]
    assert found["page_info"]["total_number"] == 1
    picture = tmp_path / "square.png"
    _draw(picture)
    image = api.ad_image_upload(
        brand.token,
        advertiser_id=brand.id,
        upload_type="UPLOAD_BY_FILE",
        image_file=str(picture),
        image_signature=hashlib.md5(picture.read_bytes(), usedforsecurity=False).hexdigest(),
    )["data"]
    (row,) = api.file_image_ad_info(brand.id, [image["image_id"]], brand.token)["data"]["list"]
    assert row["width"] == row["height"] == 64
    body = sdk.IdentityCreateBody(advertiser_id=brand.id, display_name="Aubrée", image_uri=image["image_id"])
    made = sdk.IdentityApi(brand.client).identity_create(brand.token, body=body)["data"]
    named = sdk.IdentityApi(brand.client).identity_get(brand.id, brand.token, identity_type="CUSTOMIZED_USER")["data"]
    assert made["identity_id"] in [one["identity_id"] for one in named["identity_list"]]


def _draw(path) -> None:
    import av

    with av.open(str(path), "w", format="image2") as target:
        stream = target.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        target.mux(stream.encode(av.VideoFrame(64, 64, "rgb24")))
        target.mux(stream.encode())


def accounts(who):
    return sdk.AccountManagementApi(who.client)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda who, other: accounts(who).advertiser_info([other.id], who.token), 40001),
        (lambda who, other: accounts(who).advertiser_info([who.id], "aat_x"), 40105),
        (lambda who, other: accounts(who).advertiser_info([who.id], ""), 40104),
        (lambda who, other: accounts(who).advertiser_info([who.id], who.token, fields=["x"]), 40002),
        (lambda who, other: who.get("audience/insight/overlap", advertiser_id=who.id), 40008),
        (lambda who, other: who.get("gmv_max/store/list", advertiser_id=who.id), 40008),
        (lambda who, other: who.get("tt_video/list", advertiser_id=who.id, page_size=51), 40002),
        (lambda who, other: who.post("tt_video/unbind", advertiser_id=who.id, item_id="1790000000000000001"), 40007),
    ],
)
def test_what_is_refused_reaches_the_program_with_its_code(brand, rival, call, code):
    assert brand.refused(call, brand, rival).code == code
