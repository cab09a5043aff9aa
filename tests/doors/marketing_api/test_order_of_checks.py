"""Route, method, known, token, body, advertiser, the rest: in this order, whatever else is wrong."""

from __future__ import annotations

import pytest

from attise.doors.marketing_api import dispatch as door
from attise.doors.marketing_api.wire.rates import BASIC, FREQUENT, Allowance, Rates
from attise.doors.site import means as site_means
from attise.doors.site.setup import Process
from tests.doors.marketing_api.conftest import Dialect

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("GET", "/open_api", 40400),
        ("GET", "/open_api/", 40400),
        ("GET", "/open_api/v1.3", 40400),
        ("GET", "/open_api/v1.3/", 40400),
        ("GET", "/open_api/v1.3/nothing/here/", 40400),
        ("GET", "/open_api/v1.3/tt_video/list/more/", 40400),
        ("GET", "/open_api/v1.3/user/info/../info", 40400),
        ("GET", "/open_api/v1.3/User/Info/", 40400),
        ("GET", "/open_api/else/user/info/", 40400),
        ("GET", "/open_api/v1.2/user/info/", 40006),
        ("POST", "/open_api/v2/anything/", 40006),
        ("DELETE", "/open_api/v1.2/user/info/", 40006),
        ("POST", "/open_api/v1.3/advertiser/info/", 40117),
        ("GET", "/open_api/v1.3/campaign/create/", 40117),
        ("PUT", "/open_api/v1.3/user/info/", 40117),
        ("DELETE", "/open_api/v1.3/campaign/get/", 40117),
        ("OPTIONS", "/open_api/v1.3/user/info/", 40117),
        ("POST", "/open_api/v1.3/dmp/custom_audience/create/", 40008),
        ("GET", "/open_api/v1.3/dmp/custom_audience/share/log/", 40008),
        ("GET", "/open_api/v1.3/catalog/get/", 40008),
        ("GET", "/open_api/v1.3/user/info/", 40104),
        ("POST", "/open_api/v1.3/advertiser/update/", 40104),
    ],
)
def test_what_comes_before_the_token(means, method, address, code):
    assert Dialect().raw(method, address, b"{broken")["code"] == code


def test_a_refused_product_says_so(means):
    assert "on purpose" in Dialect().get("catalog/get")["message"]
    assert "on purpose" not in Dialect().get("report/integrated/get")["message"]


@pytest.mark.parametrize(
    "token",
    ["x", "aat_" + "0" * 40, "aat_" + "A" * 40, "é", "a" * 513, "null", "Bearer x", "x\ty"],
)
def test_a_token_that_is_none_of_ours(means, token):
    assert Dialect(token).get("user/info")["code"] == 40105


def test_an_absent_token_is_told_in_the_known_words(means):
    answer = Dialect("").get("user/info")
    assert answer["code"] == 40104
    assert answer["message"] == "Access token is null, you should set it in http header with key Access-Token."


def test_a_token_in_the_query_is_not_looked_at(means, brand):
    assert Dialect().get("user/info", **{"Access-Token": brand.tokens["admin"]})["code"] == 40104


def test_a_token_of_a_removed_member_is_dead_with_the_answer(means, brand):
    client = brand.client("analyst")
    assert client.get("user/info")["code"] == 0
    removed = brand.client("admin").post(
        "bc/member/delete", bc_id=str(brand.center.id), user_id=str(brand.people["analyst"].id)
    )
    assert removed["code"] == 0
    assert client.get("user/info")["code"] == 40105


def test_the_body_comes_before_the_advertiser_and_the_advertiser_before_the_rest(brand, rival, api):
    foreign = str(rival.advertiser.id)
    broken = api.raw("POST", "/open_api/v1.3/advertiser/update/", b'{"advertiser_id": "' + foreign.encode() + b'"')
    assert broken["code"] == 40002
    missing = api.post("advertiser/update", advertiser_name="x")
    assert (missing["code"], missing["message"].split(".")[0]) == (40002, "Missing required field(s): advertiser_id")
    assert api.post("advertiser/update", advertiser_id=foreign, address=5)["code"] == 40001
    assert api.post("advertiser/update", advertiser_id=str(brand.advertiser.id), address=5)["code"] == 40002


def test_a_broken_parameter_comes_before_the_advertiser(rival, api):
    answer = api.get("bc/member/get", bc_id=rival.center.id, filtering='{"keyword')
    assert (answer["code"], answer["message"].split(":")[0]) == (40002, "filtering")
    assert api.get("bc/member/get", bc_id=rival.center.id, page_size=21)["code"] == 40001


def test_foreign_and_unknown_are_told_in_the_same_words(rival, api):
    foreign = api.get("advertiser/info", advertiser_ids=[str(rival.advertiser.id)])
    unknown = api.get("advertiser/info", advertiser_ids=["1790000000000000001"])
    zero = api.get("advertiser/info", advertiser_ids=["0"])
    assert foreign["code"] == 40001
    assert foreign["message"] == unknown["message"] == zero["message"]
    assert foreign["data"] == unknown["data"] == {}


def test_one_stranger_in_a_list_refuses_it_whole(brand, rival, api):
    answer = api.get("advertiser/info", advertiser_ids=[str(brand.advertiser.id), str(rival.advertiser.id)])
    assert (answer["code"], answer["data"]) == (40001, {})


def test_a_role_that_is_too_low_is_40001(brand):
    body = {"advertiser_id": str(brand.advertiser.id), "address": "1 rue X"}
    codes = {role: brand.client(role).post("advertiser/update", **body)["code"] for role in brand.tokens}
    assert codes == {"admin": 0, "operator": 40001, "analyst": 40001, "finance": 40001}


def test_a_scope_that_was_not_granted_is_40130(means, brand):
    from attise.management.accounts import actions as accounts

    _, token = accounts.issue_token(
        means,
        app_id=brand.app_id,
        person_id=brand.people["admin"].id,
        advertiser_ids=[brand.advertiser.id],
        scopes=[4],
    )
    answer = Dialect(token).get("advertiser/info", advertiser_ids=[str(brand.advertiser.id)])
    assert answer["code"] == 40130


class TestServed:
    """In a served house the requests of an app are counted."""

    @pytest.fixture(autouse=True)
    def served(self, means, clock, monkeypatch):
        house = site_means.process().house
        site_means.install(Process(house, means, clock, object()))
        monkeypatch.setattr(door, "RATES", Rates(Allowance(10, 600, 864_000)))

    def test_the_eleventh_request_of_a_second_is_refused_without_extra_headers(self, brand, rival, clock):
        client = brand.client()
        assert [client.get("user/info")["code"] for _ in range(10)] == [0] * 10
        eleventh = client.client.get("/open_api/v1.3/user/info/", headers=client.headers())
        answer = client.whole(eleventh)
        assert answer["code"] == 40100
        assert "QPS limit" in answer["message"]
        assert not {name for name in eleventh.headers if name.lower().startswith(("retry", "x-rate"))}
        assert rival.client().get("user/info")["code"] == 0
        clock.advance(seconds=1)
        assert client.get("user/info")["code"] == 0

    def test_servers_may_report_a_hundred_times_as_often(self, brand, monkeypatch):
        monkeypatch.setattr(door, "FREQUENT_RATES", Rates(FREQUENT))
        client = brand.client()
        told = [client.post("pixel/track", pixel_code="x", event="Lead")["code"] for _ in range(20)]
        assert told == [40007] * 20
        assert FREQUENT.per_second == 100 * BASIC.per_second
