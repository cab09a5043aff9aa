"""Business Centers, their members, and the accounts open to them."""

from __future__ import annotations

import pytest

from attise.kernel.actor import Actor
from attise.management.accounts import actions as accounts
from attise.management.accounts import queries
from attise.management.authorizations import actions as grants
from tests.builders import a_creator, a_post

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)


def test_the_centers_that_the_token_reaches(brand, rival, api):
    data = api.get("bc/get")["data"]
    assert data["page_info"] == {"page": 1, "page_size": 10, "total_number": 1, "total_page": 1}
    (row,) = data["list"]
    assert row["bc_info"] == {
        "bc_id": str(brand.center.id),
        "name": "Brand",
        "company": "Brand SA",
        "currency": "EUR",
        "registered_area": "FR",
        "status": "ENABLE",
        "timezone": "Europe/Paris",
        "type": "NORMAL",
        "verification_status": None,
    }
    assert (row["user_role"], row["ext_user_role"]) == ("ADMIN", {"finance_role": None})
    assert brand.client("finance").get("bc/get", bc_id=brand.center.id)["code"] == 0
    assert api.get("bc/get", bc_id=rival.center.id)["code"] == 40001
    assert api.get("bc/get", filtering={"keyword": "bra"})["data"]["page_info"]["total_number"] == 1
    assert api.get("bc/get", filtering={"keyword": "zzz"})["data"]["list"] == []


class TestMembers:
    """Who is in a Business Center."""

    def members(self, brand, api, **filtering):
        answer = api.get("bc/member/get", bc_id=brand.center.id, filtering=filtering)
        assert answer["code"] == 0, answer
        return answer["data"]["list"]

    def test_they_are_listed_with_their_roles(self, brand, api):
        rows = {row["user_email"]: row for row in self.members(brand, api)}
        assert rows["operator@brand.example"] == {
            "user_id": str(brand.people["operator"].id),
            "user_name": "Brand operator",
            "user_email": "operator@brand.example",
            "relation_status": "BOUND",
            "user_role": "STANDARD",
            "advertiser_role": "OPERATOR",
            "ext_user_role": {"finance_role": None},
        }
        assert [row["user_name"] for row in self.members(brand, api, user_role="ADMIN")] == ["Brand admin"]
        assert [row["user_name"] for row in self.members(brand, api, keyword="fin")] == ["Brand finance"]
        assert self.members(brand, api, relation_status="REJECTED") == []
        assert api.get("bc/member/get", bc_id=brand.center.id, page_size=21)["code"] == 40002

    def test_an_invitation_tells_its_link_and_waits(self, means, brand, api):
        answer = api.post(
            "bc/member/invite", bc_id=str(brand.center.id), emails=["new@example.org"], advertiser_role="OPERATOR"
        )
        (told,) = answer["data"]["invitations"]
        assert told["url"].startswith("http://testserver/invitation/alk_")
        (row,) = self.members(brand, api, relation_status="PENDING")
        assert (row["user_email"], row["user_id"], row["advertiser_role"]) == ("new@example.org", None, "OPERATOR")
        secret = told["url"].rpartition("/")[2]
        accounts.accept_invitation(means, secret=secret, display_name="New", password="a long enough password")
        assert self.members(brand, api, relation_status="PENDING") == []
        assert len(self.members(brand, api)) == 5

    def test_a_role_is_never_given_for_some_ad_accounts_alone(self, brand, rival, api):
        second = api.post(
            "bc/advertiser/create",
            bc_id=str(brand.center.id),
            advertiser_info={"name": "Second", "currency": "EUR", "timezone": "Europe/Paris"},
            customer_info={"company": "Brand SA"},
        )["data"]["advertiser_id"]
        body = {"bc_id": str(brand.center.id), "emails": ["new@example.org"]}
        some, whole = [second], [second, str(brand.advertiser.id)]
        refused = api.post("bc/member/invite", **body, asset_ids=some)
        assert (refused["code"], refused["message"].split(":")[0]) == (40002, "asset_ids")
        assert api.post("bc/member/invite", **body, asset_ids=[str(rival.advertiser.id)])["code"] == 40007
        assert api.post("bc/member/invite", **body, asset_ids=whole)["code"] == 0
        assert api.post("bc/member/invite", **body, asset_ids=some, user_role="ADMIN")["code"] == 0

    def test_all_are_invited_or_none(self, brand, api):
        body = {"bc_id": str(brand.center.id), "emails": ["one@example.org", "not an address"]}
        answer = api.post("bc/member/invite", **body)
        assert (answer["code"], answer["message"].split(":")[0]) == (40002, "emails")
        assert self.members(brand, api, relation_status="PENDING") == []

    def test_roles_change_and_what_is_not_sent_stays(self, brand, api):
        user = {"bc_id": str(brand.center.id), "user_id": str(brand.people["analyst"].id)}
        assert api.post("bc/member/update", **user, ext_user_role={"finance_role": "ANALYST"})["code"] == 0
        after = queries.get_member(brand.center.id, brand.people["analyst"].id).roles
        assert (after.role, after.advertiser_role, after.finance_role) == ("STANDARD", "ANALYST", "ANALYST")
        refused = api.post("bc/member/update", **user, user_name="Someone else")
        assert (refused["code"], refused["message"].split(":")[0]) == (40002, "user_name")

    def test_the_last_administrator_stays(self, brand, api):
        user = {"bc_id": str(brand.center.id), "user_id": str(brand.people["admin"].id)}
        assert api.post("bc/member/delete", **user)["code"] == 40002
        assert api.post("bc/member/update", **user, user_role="STANDARD", advertiser_role="ANALYST")["code"] == 40002

    def test_a_member_is_removed_by_address_or_id(self, brand, api):
        center = {"bc_id": str(brand.center.id)}
        assert api.post("bc/member/delete", **center, user_email="finance@brand.example")["code"] == 0
        assert api.post("bc/member/delete", **center, user_email="finance@brand.example")["code"] == 40007
        assert api.post("bc/member/delete", **center, user_id=str(brand.people["operator"].id))["code"] == 0
        assert api.post("bc/member/delete", **center)["code"] == 40002

    def test_only_administrators_manage(self, brand):
        center = {"bc_id": str(brand.center.id)}
        for role in ("operator", "analyst", "finance"):
            client = brand.client(role)
            assert client.post("bc/member/invite", **center, emails=["x@example.org"])["code"] == 40001
            assert client.post("bc/member/delete", **center, user_id="1")["code"] == 40001
            assert client.post("bc/member/update", **center, user_id="1")["code"] == 40001

    def test_a_person_of_elsewhere_is_no_member(self, brand, rival, api):
        stranger = {"bc_id": str(brand.center.id), "user_id": str(rival.people["admin"].id)}
        answers = [api.post("bc/member/update", **stranger), api.post("bc/member/delete", **stranger)]
        assert {answer["code"] for answer in answers} == {40007}


class TestAccounts:
    """A creator's account is asked for, opened, linked and given back."""

    @pytest.fixture
    def creator(self, means):
        return a_creator(means)

    @pytest.fixture
    def asset(self, means, brand, api, creator) -> dict[str, str]:
        url = api.get("bc/asset/account/authorization", bc_id=brand.center.id)["data"]["bc_auth_qr_code"]
        assert url.startswith("http://testserver/acces/")
        grants.accept_access(means, HOST, creator_id=creator.id, secret=url.rpartition("/")[2])
        return {"bc_id": str(brand.center.id), "asset_id": str(creator.id)}

    def assets(self, api, asset, path="bc/asset/get", **more):
        answer = api.get(path, bc_id=asset["bc_id"], asset_type="TT_ACCOUNT", **more)
        assert answer["code"] == 0, answer
        return answer["data"]["list"]

    def test_the_link_lives_ten_minutes_and_works_once(self, means, clock, brand, api, creator, refused):
        url = api.get("bc/asset/account/authorization", bc_id=brand.center.id)["data"]["bc_auth_qr_code"]
        clock.advance(seconds=600)
        secret = url.rpartition("/")[2]
        assert refused(grants.accept_access, means, HOST, creator_id=creator.id, secret=secret) == (
            "access_request_expired"
        )

    def test_an_open_account_is_an_asset(self, asset, api, creator):
        (row,) = self.assets(api, asset)
        assert row == {
            "asset_id": str(creator.id),
            "asset_type": "TT_ACCOUNT",
            "asset_name": creator.handle,
            "relation_type": "PARTNER",
            "relation_status": "BOUND",
            "owner_bc_name": None,
            "advertiser_status": None,
            "advertiser_account_type": None,
            "advertiser_role": None,
            "catalog_role": None,
            "store_role": None,
            "pixel_code": None,
            "tt_account_roles": ["POST"],
        }
        assert self.assets(api, asset, "bc/asset/admin/get") == [row]
        assert self.assets(api, asset, filtering={"keyword": "nobody"}) == []
        assert self.assets(api, asset, "bc/asset/admin/get", filtering={"relation_status": "PENDING"}) == []

    def test_it_is_linked_and_unlinked(self, means, brand, asset, api, creator):
        link = {**asset, "advertiser_id": str(brand.advertiser.id)}
        listed = api.get("bc/asset/advertiser/assigned", **asset)["data"]["list"]
        assert listed == [{"advertiser_id": str(brand.advertiser.id), "advertiser_name": "Brand Ads"}]
        quota = api.get("bc/asset/bind/quota", **asset, asset_type="TT_ACCOUNT")["data"]
        assert quota == {"total_quota": 1, "used_quota": 1, "available_quota": 0}
        assert api.post("bc/asset/advertiser/unassign", **link)["code"] == 0
        assert api.get("bc/asset/advertiser/assigned", **asset)["data"]["list"] == []
        assert api.post("bc/asset/advertiser/assign", **link)["code"] == 0
        identities = api.get("identity/get", advertiser_id=brand.advertiser.id, identity_type="BC_AUTH_TT")
        (identity,) = identities["data"]["identity_list"]
        assert identity["identity_authorized_bc_id"] == asset["bc_id"]
        assert (identity["can_pull_video"], identity["can_push_video"]) == (True, True)

    def test_it_is_given_back(self, brand, asset, api):
        body = {"bc_id": asset["bc_id"], "asset_type": "TT_ACCOUNT", "asset_ids": [asset["asset_id"]]}
        assert api.post("bc/asset/admin/delete", **{**body, "asset_ids": [asset["asset_id"], "12"]})["code"] == 40007
        assert len(self.assets(api, asset)) == 1
        assert api.post("bc/asset/admin/delete", **body)["code"] == 0
        assert self.assets(api, asset) == []
        assert api.post("bc/asset/admin/delete", **body)["code"] == 40007
        (identity,) = api.get("identity/get", advertiser_id=brand.advertiser.id)["data"]["identity_list"]
        assert identity["available_status"] == "SCOPE_UNAVAILABLE"

    def test_roles_are_never_given_for_one_asset_alone(self, brand, asset, api):
        user = {**asset, "user_id": str(brand.people["analyst"].id), "asset_type": "TT_ACCOUNT"}
        assert api.post("bc/asset/assign", **user)["code"] == 0
        account = {**user, "asset_type": "ADVERTISER", "asset_id": str(brand.advertiser.id)}
        assert api.post("bc/asset/assign", **account, advertiser_role="ANALYST")["code"] == 0
        refused = api.post("bc/asset/assign", **account, advertiser_role="OPERATOR")
        assert (refused["code"], refused["message"].split(":")[0]) == (40002, "advertiser_role")
        assert api.post("bc/asset/unassign", **account)["code"] == 40002
        finance = {**account, "user_id": str(brand.people["finance"].id)}
        assert api.post("bc/asset/unassign", **finance)["code"] == 0

    def test_another_center_sees_and_moves_nothing(self, rival, asset, creator):
        theirs = {"bc_id": str(rival.center.id), "asset_id": asset["asset_id"]}
        client = rival.client()
        assert self.assets(client, {"bc_id": rival.center.id}) == []
        assert client.get("bc/asset/advertiser/assigned", **theirs)["code"] == 40007
        link = {**theirs, "advertiser_id": str(rival.advertiser.id)}
        assert client.post("bc/asset/advertiser/assign", **link)["code"] == 40007
        assert client.post("bc/asset/advertiser/unassign", **link)["code"] == 40007

    def test_ad_accounts_are_assets_too(self, brand, api):
        (row,) = api.get("bc/asset/get", bc_id=brand.center.id, asset_type="ADVERTISER")["data"]["list"]
        assert (row["asset_id"], row["advertiser_role"], row["owner_bc_name"]) == (
            str(brand.advertiser.id),
            "ADMIN",
            "Brand",
        )
        asked = {"bc_id": brand.center.id, "asset_type": "ADVERTISER"}
        analyst = api.get("bc/asset/get", **asked, filtering={"user_email": "analyst@brand.example"})["data"]["list"]
        assert [row["advertiser_role"] for row in analyst] == ["ANALYST"]
        assert api.get("bc/asset/get", **asked, filtering={"user_id": "12"})["data"]["list"] == []
        assert api.get("bc/asset/get", bc_id=brand.center.id, asset_type="CATALOG")["data"]["list"] == []

    def test_posts_of_an_open_account_need_no_code(self, means, brand, asset, api, creator):
        shown = a_post(means, creator)
        for_ads = a_post(means, creator, visibility="private", ads_only=True)
        a_post(means, creator, visibility="private")
        a_post(means, creator, visibility="followers")
        photo = a_post(means, creator, format="carousel")
        (identity,) = api.get("identity/get", advertiser_id=brand.advertiser.id)["data"]["identity_list"]
        asked = {
            "advertiser_id": brand.advertiser.id,
            "identity_id": identity["identity_id"],
            "identity_type": "BC_AUTH_TT",
            "identity_authorized_bc_id": brand.center.id,
        }
        data = api.get("identity/video/get", **asked)["data"]
        assert [row["item_id"] for row in data["video_list"]] == [str(for_ads.id), str(shown.id)]
        assert (data["cursor"], data["has_more"]) == ("0", False)
        assert data["video_list"][0]["auth_info"] is None
        without = api.get("identity/video/get", **asked, exclude_adsonly="True")["data"]["video_list"]
        assert [row["item_id"] for row in without] == [str(shown.id)]
        photos = api.get("identity/video/get", **asked, item_type="CAROUSEL")["data"]["video_list"]
        assert [row["item_id"] for row in photos] == [str(photo.id)]
        assert api.get("identity/video/get", **asked, keyword="x")["code"] == 40002
        assert api.get("identity/video/get", **{**asked, "identity_authorized_bc_id": 12})["code"] == 40007


@pytest.fixture
def refused():
    from attise.kernel.errors import Refusal

    def refused(call, *args, **kwargs) -> str:
        with pytest.raises(Refusal) as caught:
            call(*args, **kwargs)
        return caught.value.code

    return refused
