"""An advertiser applies codes through the dialect: what it is told, in which order, and byte for byte."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.authorizations.errors import SPARK_REASONS
from attise.management.posts import actions as posts
from attise.records.media_link import PURPOSE, MediaLinks
from tests.builders import a_creator, a_post
from tests.doors.marketing_api.conftest import Tenant
from tests.drawing import a_picture, light_of

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
STAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")


@pytest.fixture
def creator(means):
    return a_creator(means)


@pytest.fixture
def post(means, creator):
    return a_post(means, creator)


@pytest.fixture
def grant(means, creator, post):
    """Grant the post: returns the grant and its code."""
    return grants.grant_post(means, HOST, creator_id=creator.id, post_id=post.id, days=30, terms=None)


@pytest.fixture
def code(grant) -> str:
    return grant[1]


def authorize(tenant: Tenant, code: str, role: str = "admin"):
    return tenant.client(role).post("tt_video/authorize", advertiser_id=str(tenant.advertiser.id), auth_code=code)


def info(tenant: Tenant, code: str):
    return tenant.client().get("tt_video/info", advertiser_id=tenant.advertiser.id, auth_code=code)


def listed(tenant: Tenant, **params):
    answer = tenant.client().get("tt_video/list", advertiser_id=tenant.advertiser.id, **params)
    assert answer["code"] == 0, answer
    return answer["data"]


def test_a_carousel_tells_every_picture_in_its_order(brand, means, creator, tmp_path):
    lights = (40, 120, 200)
    post = posts.publish_post(
        means,
        HOST,
        house=settings.HOUSE,
        creator_id=creator.id,
        draft=posts.PostDraft(format="carousel"),
        upload=a_picture(tmp_path / "0.png", light=lights[0]),
        more=[a_picture(tmp_path / f"{number}.png", light=lights[number], width=60) for number in (1, 2)],
    )
    _, code = grants.grant_post(means, HOST, creator_id=creator.id, post_id=post.id, days=30, terms=None)
    told = info(brand, code)["data"]
    assert told["video_info"] is None
    pictures = told["item_info"]["carousel_info"]["image_info"]
    assert [one.keys() for one in pictures] == [{"image_id", "image_url", "image_height", "image_width"}] * 3
    assert len({one["image_id"] for one in pictures}) == 3
    assert [(one["image_width"], one["image_height"]) for one in pictures] == [(48, 64), (60, 64), (60, 64)]
    opener = MediaLinks(means.secrets.key(PURPOSE))
    for one, light in zip(pictures, lights, strict=True):
        path = one["image_url"].removeprefix("http://testserver")
        link = opener.open(path, now_s=means.clock.wire_ms() // 1000 + 89 * 86_400)
        assert abs(light_of(settings.HOUSE.media / link.key[:2] / link.key / link.name) - light) < 3
    authorize(brand, code)
    assert len(listed(brand)["list"][0]["item_info"]["carousel_info"]["image_info"]) == 3
    posts.delete_post(means, HOST, house=settings.HOUSE, post_id=post.id)
    gone = listed(brand)["list"][0]["item_info"]["carousel_info"]["image_info"]
    assert [one["image_url"] for one in gone] == [None] * 3


def test_apply_read_and_list(brand, post, creator, code):
    before = info(brand, code)["data"]
    assert before["user_info"]["identity_id"] is None
    applied = authorize(brand, code)
    assert applied["code"] == 0
    assert applied["data"]["item_id"] == str(post.id)
    after = info(brand, code)["data"]
    assert after["user_info"]["identity_id"] == applied["data"]["identity_id"]
    data = listed(brand)
    assert data["page_info"] == {"page": 1, "page_size": 20, "total_number": 1, "total_page": 1}
    assert data["list"][0]["item_info"]["auth_code"] == code


def test_the_shape_of_a_post(brand, post, code):
    authorize(brand, code)
    (row,) = listed(brand)["list"]
    assert row.keys() == {"item_info", "auth_info", "user_info", "video_info"}
    assert row["item_info"].keys() == {
        *("item_id", "item_type", "text", "status", "auth_code", "stitch_original_item_id", "duet_original_item_id"),
        *("is_multi_duet_stitch", "mentioned_item_ids", "anchor_list", "carousel_info"),
    }
    assert row["item_info"]["item_type"] == "VIDEO"
    assert row["item_info"]["status"] == "HESITATE_RECOMMEND"
    assert row["auth_info"]["ad_auth_status"] == "AUTHORIZED"
    for name in ("auth_start_time", "auth_end_time", "invite_start_time"):
        assert STAMP.fullmatch(row["auth_info"][name])
    assert row["user_info"].keys() == {"identity_id", "identity_type", "tiktok_name"}
    video = row["video_info"]
    assert video.keys() == {
        *("video_id", "file_name", "duration", "width", "height", "size", "bit_rate", "signature", "format"),
        *("poster_url", "preview_url"),
    }
    assert (video["duration"], video["format"]) == (12.0, "mp4")
    assert video["preview_url"].startswith("http://testserver/media/")


def test_applying_again_is_a_success_and_one_creator_has_one_identity(brand, means, creator, code):
    first = authorize(brand, code)["data"]
    assert authorize(brand, code)["data"] == first
    second_post = a_post(means, creator)
    _, second_code = grants.grant_post(means, HOST, creator_id=creator.id, post_id=second_post.id, days=7, terms=None)
    second = authorize(brand, second_code)["data"]
    assert second["identity_id"] == first["identity_id"]
    assert second["item_id"] != first["item_id"]
    assert listed(brand)["page_info"]["total_number"] == 2


def test_a_raw_plus_that_arrived_as_a_space_is_repaired_and_outer_spaces_are_trimmed(brand, code):
    client = brand.client()
    raw = code.replace("#", "%23").replace("=", "%3D").replace("/", "%2F")  # a careless client leaves + as it is
    answer = client.raw("GET", f"/open_api/v1.3/tt_video/info?advertiser_id={brand.advertiser.id}&auth_code={raw}")
    assert answer["code"] == 0
    assert answer["data"]["item_info"]["auth_code"] == code
    assert authorize(brand, f"  {code} ")["code"] == 0
    assert listed(brand)["list"][0]["item_info"]["auth_code"] == code


class TestRefused:
    """Each refusal by its real cause, the same in authorize and in info."""

    def told(self, tenant, code, name, number):
        for answer in (authorize(tenant, code), info(tenant, code)):
            assert answer["code"] == 40002, answer
            assert answer["message"].startswith(f"{name}: ")
            assert answer["data"] == {"error_name": name, "spark_error_code": number}

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda code: code[:-5],
            lambda code: code[1:],
            lambda code: code.swapcase(),
            lambda code: code + "=",
            lambda code: code.rstrip("="),
            lambda code: "hello",
            lambda code: code.replace(code[10], "é"),
        ],
    )
    def test_malformed(self, brand, code, spoil):
        self.told(brand, spoil(code), "auth_code_format_error", 4013)

    def test_a_code_without_its_first_sign_is_told_so(self, brand, code):
        assert "A code begins with #." in authorize(brand, code[1:])["message"]
        assert "A code begins with #." not in authorize(brand, code[:-5])["message"]

    def test_revoked(self, brand, means, creator, grant):
        grants.revoke(means, HOST, creator_id=creator.id, authorization_id=grant[0].id, when="now")
        self.told(brand, grant[1], "auth_code_revoked", None)

    def test_expired_at_the_exact_second(self, brand, clock, code):
        clock.advance(days=30, seconds=-1)
        assert info(brand, code)["code"] == 0
        clock.advance(seconds=1)
        self.told(brand, code, "auth_code_expired", 4025)

    def test_used_by_another_advertiser(self, brand, rival, code):
        assert authorize(rival, code)["code"] == 0
        self.told(brand, code, "auth_code_already_used", None)

    def test_deleted_post(self, brand, means, post, code):
        posts.delete_post(means, HOST, house=settings.HOUSE, post_id=post.id)
        self.told(brand, code, "video_unavailable", 4002)

    def test_author_gone(self, brand, means, creator, code):
        accounts.retire_creator(means, COMMAND, creator_id=creator.id)
        self.told(brand, code, "video_unavailable", 4002)

    def test_not_public(self, brand, post, code):
        post.visibility = "private"
        post.save()
        self.told(brand, code, "not_public_video", None)

    def test_carousel_duet(self, brand, means, creator, post, code):
        post.format, post.of_post = "duet", a_post(means, creator, format="carousel")
        post.save()
        self.told(brand, code, "carousel_duet_not_supported", 4042)

    def test_every_name_has_a_test_here(self):
        tested = {
            *("auth_code_format_error", "auth_code_revoked", "auth_code_expired", "auth_code_already_used"),
            *("video_unavailable", "not_public_video", "carousel_duet_not_supported"),
        }
        assert tested == {reason.code for reason in SPARK_REASONS}

    def test_in_french_for_who_asks_french(self, brand, code):
        brand_client = brand.client()
        answer = brand_client.raw(
            "GET",
            f"/open_api/v1.3/tt_video/info/?advertiser_id={brand.advertiser.id}&auth_code=x",
            HTTP_ACCEPT_LANGUAGE="fr-FR,fr;q=0.9",
        )
        assert answer["message"].startswith("auth_code_format_error: Ce code n")


def test_a_guesser_waits_and_only_malformed_codes_count(brand, clock, means, creator, code):
    other = a_post(means, creator)
    view, revoked = grants.grant_post(means, HOST, creator_id=creator.id, post_id=other.id, days=7, terms=None)
    grants.revoke(means, HOST, creator_id=creator.id, authorization_id=view.id, when="now")
    for _ in range(15):
        assert info(brand, revoked)["data"]["error_name"] == "auth_code_revoked"
    for _ in range(5):
        assert info(brand, "guess")["code"] == 40002
        assert authorize(brand, "guess")["code"] == 40002
    assert info(brand, code)["code"] == 40100
    assert authorize(brand, code)["code"] == 40100
    assert authorize(brand, code, role="operator")["code"] == 0
    clock.advance(seconds=60)
    assert authorize(brand, code)["code"] == 0


class TestList:
    """What is listed, filtered and paged."""

    @pytest.fixture
    def library(self, brand, means, creator):
        made = []
        for number in range(5):
            post = a_post(means, creator, caption=f"Recette {number}", format="carousel" if number == 4 else "video")
            _, code = grants.grant_post(means, HOST, creator_id=creator.id, post_id=post.id, days=30, terms=None)
            assert authorize(brand, code)["code"] == 0
            made.append(post)
        return made

    def test_pages_add_up_and_the_one_past_the_end_is_empty(self, brand, library):
        seen = []
        for page in (1, 2, 3, 4):
            data = listed(brand, page=page, page_size=2)
            assert data["page_info"] == {"page": page, "page_size": 2, "total_number": 5, "total_page": 3}
            seen += [row["item_info"]["item_id"] for row in data["list"]]
        assert seen == [str(post.id) for post in reversed(library)]

    def test_fifty_is_honoured_and_fifty_one_refused(self, brand, library):
        assert listed(brand, page_size=50)["page_info"]["page_size"] == 50
        answer = brand.client().get("tt_video/list", advertiser_id=brand.advertiser.id, page_size=51)
        assert (answer["code"], answer["message"].split(":")[0]) == (40002, "page_size")

    def test_types(self, brand, library):
        assert listed(brand, item_types=["CAROUSEL"])["page_info"]["total_number"] == 1
        assert listed(brand, item_types=["VIDEO"])["page_info"]["total_number"] == 4
        assert listed(brand, item_types="VIDEO")["page_info"]["total_number"] == 4
        (row,) = listed(brand, item_types=["CAROUSEL"])["list"]
        assert row["video_info"] is None
        assert row["item_info"]["carousel_info"]["image_info"][0].keys() == {
            *("image_id", "image_url", "image_height", "image_width")
        }

    def test_words_and_ids(self, brand, library):
        assert [r["item_info"]["text"] for r in listed(brand, keyword="recette 3")["list"]] == ["Recette 3"]
        assert listed(brand, keyword=library[2].id)["page_info"]["total_number"] == 1
        assert listed(brand, keyword="1790000000000000001")["list"] == []
        assert listed(brand, keyword="%")["list"] == []

    def test_a_page_costs_at_most_twelve_queries(self, brand, library, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            listed(brand)

    def test_another_tenant_sees_nothing_of_it(self, rival, library):
        assert listed(rival)["list"] == []


def test_a_code_that_ended_leaves_the_row_without_links_until_it_is_unbound(brand, clock, post, code):
    authorize(brand, code)
    unbind = {"advertiser_id": str(brand.advertiser.id), "item_id": str(post.id)}
    refused = brand.client().post("tt_video/unbind", **unbind)
    assert (refused["code"], refused["message"].split(":")[0]) == (40002, "item_id")
    clock.advance(days=30)
    (row,) = listed(brand)["list"]
    assert row["auth_info"]["ad_auth_status"] == "EXPIRED"
    assert row["video_info"]["preview_url"] is None
    assert brand.client().post("tt_video/unbind", **unbind)["code"] == 0
    assert listed(brand)["list"] == []
    assert brand.client().post("tt_video/unbind", **unbind)["code"] == 40007


def test_a_revoked_grant_is_canceled(brand, means, creator, grant):
    authorize(brand, grant[1])
    grants.revoke(means, HOST, creator_id=creator.id, authorization_id=grant[0].id, when="now")
    assert listed(brand)["list"][0]["auth_info"]["ad_auth_status"] == "CANCELED"


def test_analysts_look_and_do_not_apply(brand, code):
    assert authorize(brand, code, role="analyst")["code"] == 40001
    assert brand.client("analyst").get("tt_video/list", advertiser_id=brand.advertiser.id)["code"] == 0
    assert brand.client("finance").get("tt_video/list", advertiser_id=brand.advertiser.id)["code"] == 40001
