"""The accounts, and the mere names, that may stand as author of an advertiser's ads."""

from __future__ import annotations

import pytest

from attise.kernel.actor import Actor
from attise.management.authorizations import actions as grants
from tests.builders import a_creator, a_post

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
KEYS = {
    *("identity_id", "identity_type", "display_name", "username", "profile_image", "identity_authorized_bc_id"),
    *("available_status", "can_push_video", "can_pull_video", "can_use_live_ads", "can_manage_message"),
    *("ads_only_mode", "is_gpppa"),
}


@pytest.fixture
def creator(means):
    return a_creator(means)


@pytest.fixture
def apply(means, brand, api, creator):
    """Grant a post and apply its code: ``apply(post)`` returns the identity's id."""

    def apply(post) -> str:
        _, code = grants.grant_post(means, HOST, creator_id=creator.id, post_id=post.id, days=30, terms=None)
        answer = api.post("tt_video/authorize", advertiser_id=str(brand.advertiser.id), auth_code=code)
        return answer["data"]["identity_id"]

    return apply


def listed(tenant, **params):
    answer = tenant.client().get("identity/get", advertiser_id=tenant.advertiser.id, **params)
    assert answer["code"] == 0, answer
    return answer["data"]


def create(tenant, name: str, **more) -> str:
    answer = tenant.client().post("identity/create", advertiser_id=str(tenant.advertiser.id), display_name=name, **more)
    assert answer["code"] == 0, answer
    return answer["data"]["identity_id"]


def test_a_code_makes_an_identity(means, brand, creator, apply):
    identity_id = apply(a_post(means, creator))
    (row,) = listed(brand)["identity_list"]
    assert row.keys() == KEYS
    assert row["identity_id"] == identity_id
    assert (row["identity_type"], row["username"]) == ("AUTH_CODE", creator.handle)
    assert (row["can_pull_video"], row["can_push_video"], row["available_status"]) == (True, False, "AVAILABLE")


def test_a_name_is_made_listed_told_and_deleted(brand, rival, api):
    identity_id = create(brand, "Maison Brand")
    (row,) = listed(brand)["identity_list"]
    assert row.keys() == KEYS
    assert (row["identity_type"], row["display_name"]) == ("CUSTOMIZED_USER", "Maison Brand")
    one = {"advertiser_id": brand.advertiser.id, "identity_id": identity_id, "identity_type": "CUSTOMIZED_USER"}
    assert api.get("identity/info", **one)["data"] == {"identity_info": row}
    theirs = {**one, "advertiser_id": rival.advertiser.id}
    assert rival.client().get("identity/info", **theirs)["code"] == 40007
    assert api.get("identity/info", **{**one, "identity_type": "AUTH_CODE"})["code"] == 40007
    body = {name: str(value) for name, value in one.items()}
    assert (
        rival.client().post("identity/delete", **{**body, "advertiser_id": str(rival.advertiser.id)})["code"] == 40007
    )
    assert api.post("identity/delete", **body)["code"] == 0
    assert api.post("identity/delete", **body)["code"] == 40007
    assert listed(brand)["identity_list"] == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\u202eb", "a\nb"])
def test_a_name_that_is_refused(brand, api, name):
    answer = api.post("identity/create", advertiser_id=str(brand.advertiser.id), display_name=name)
    assert answer["code"] == 40002
    assert "display_name" in answer["message"].split(".")[0]


def test_the_picture_must_be_the_advertisers_own(brand, api):
    body = {"advertiser_id": str(brand.advertiser.id), "display_name": "x", "image_uri": "i10033nothing"}
    assert api.post("identity/create", **body)["code"] == 40007


def test_an_account_is_not_deleted_like_a_name(means, brand, api, creator, apply):
    body = {"advertiser_id": str(brand.advertiser.id), "identity_id": apply(a_post(means, creator))}
    answer = api.post("identity/delete", **body, identity_type="AUTH_CODE")
    assert (answer["code"], answer["message"].split(":")[0]) == (40002, "identity_type")


def test_both_kinds_are_paged_as_one_list(means, brand, creator, apply):
    apply(a_post(means, creator))
    names = [f"Nom {number}" for number in range(5)]
    for name in names:
        create(brand, name)
    whole = [row["display_name"] for row in listed(brand)["identity_list"]]
    assert whole == [creator.display_name, *reversed(names)]
    for size in (1, 2, 3, 4, 5, 6, 7):
        seen = []
        for page in range(1, 9):
            data = listed(brand, page=page, page_size=size)
            assert data["page_info"]["total_number"] == 6
            assert len(data["identity_list"]) <= size
            seen += [row["display_name"] for row in data["identity_list"]]
        assert seen == whole


def test_types_and_words(means, brand, api, creator, apply):
    apply(a_post(means, creator))
    create(brand, "Maison Brand")
    assert len(listed(brand, identity_type="AUTH_CODE")["identity_list"]) == 1
    assert listed(brand, identity_type="TT_USER")["identity_list"] == []
    found = listed(brand, identity_type="CUSTOMIZED_USER", filtering={"keyword": "MAISON"})
    assert len(found["identity_list"]) == 1
    assert listed(brand, identity_type="CUSTOMIZED_USER", filtering={"keyword": "zzz"})["identity_list"] == []
    answer = api.get("identity/get", advertiser_id=brand.advertiser.id, filtering={"keyword": "x"})
    assert (answer["code"], answer["message"].split(":")[0]) == (40002, "filtering.keyword")
    assert api.get("identity/get", advertiser_id=brand.advertiser.id, identity_type="X")["code"] == 40002
    assert api.get("identity/get", advertiser_id=brand.advertiser.id, page_size=101)["code"] == 40002


class TestPostsByCode:
    """What an identity by code may use."""

    @pytest.fixture
    def posts(self, means, creator):
        return [a_post(means, creator, caption=f"Recette {number}") for number in range(5)]

    @pytest.fixture
    def asked(self, brand, posts, apply):
        (identity_id,) = {apply(post) for post in posts}
        return {"advertiser_id": brand.advertiser.id, "identity_id": identity_id, "identity_type": "AUTH_CODE"}

    def test_by_cursor(self, api, asked, posts):
        seen, cursor = [], None
        for _ in range(3):
            data = api.get("identity/video/get", **asked, count=2, **({"cursor": cursor} if cursor else {}))["data"]
            seen += [row["item_id"] for row in data["video_list"]]
            cursor = data["cursor"]
        assert seen == [str(post.id) for post in reversed(posts)]
        assert data["has_more"] is False
        assert len(api.get("identity/video/get", **asked, count=1000)["data"]["video_list"]) == 5
        assert len(api.get("identity/video/get", **asked, cursor="0")["data"]["video_list"]) == 5
        assert api.get("identity/video/get", **asked, count=0)["code"] == 40002

    def test_by_word(self, api, asked):
        rows = api.get("identity/video/get", **asked, keyword="recette 3")["data"]["video_list"]
        assert [row["text"] for row in rows] == ["Recette 3"]

    def test_the_shape_of_an_item(self, api, asked, posts):
        row = api.get("identity/video/get", **asked)["data"]["video_list"][0]
        assert row["status"] == "ITEM_STATUS_HESITATE_RECOMMEND"
        assert row["auth_info"]["auth_end_time"].endswith("Z")
        assert "url" in row["video_info"]
        assert "preview_url" not in row["video_info"]
        assert row["auth_code"].startswith("#")

    def test_one_or_several(self, means, api, asked, posts, creator):
        one = api.get("identity/video/info", **asked, item_id=posts[0].id)["data"]
        assert one["video_detail"]["item_id"] == str(posts[0].id)
        assert one["video_details"] == [one["video_detail"]]
        stranger = a_post(means, creator)
        several = api.get(
            "identity/video/info", **asked, item_ids=[str(posts[1].id), str(stranger.id), "12", str(posts[0].id)]
        )["data"]
        assert [row["item_id"] for row in several["video_details"]] == [str(posts[1].id), str(posts[0].id)]
        assert several["video_detail"] is None
        assert api.get("identity/video/info", **asked, item_id=stranger.id)["code"] == 40007
        assert api.get("identity/video/info", **asked)["code"] == 40002
        assert api.get("identity/video/info", **asked, item_ids=["1"] * 21)["code"] == 40002

    def test_another_advertiser_has_no_such_identity(self, rival, asked):
        theirs = {**asked, "advertiser_id": rival.advertiser.id}
        assert rival.client().get("identity/video/get", **theirs)["code"] == 40007
        assert rival.client().get("identity/video/info", **theirs, item_id=1)["code"] == 40007


def test_a_linked_own_account_uses_all_its_posts(means, brand, api, creator):
    grants.link_own_account(means, HOST, advertiser_id=brand.advertiser.id, creator_id=creator.id)
    private = a_post(means, creator, visibility="private")
    (identity,) = listed(brand, identity_type="TT_USER")["identity_list"]
    assert (identity["can_pull_video"], identity["can_push_video"]) == (True, True)
    asked = {"advertiser_id": brand.advertiser.id, "identity_id": identity["identity_id"], "identity_type": "TT_USER"}
    (row,) = api.get("identity/video/get", **asked)["data"]["video_list"]
    assert (row["item_id"], row["status"]) == (str(private.id), "ITEM_STATUS_ONLY_AUTHOR_SEE")
