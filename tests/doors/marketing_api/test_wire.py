"""What real clients send (slashes, encodings, odd values) and hostile ones; the envelope is always whole."""

from __future__ import annotations

import json
import re

import pytest

from attise.doors.marketing_api.endpoint import REGISTRY
from tests.doors.marketing_api.conftest import Dialect

pytestmark = pytest.mark.django_db

V = "/open_api/v1.3"
LIST = f"{V}/tt_video/list/"
UPDATE = f"{V}/advertiser/update/"


@pytest.mark.parametrize(
    "address",
    [
        f"{V}/user/info/",
        f"{V}/user/info",
        f"{V}//user/info/",
        f"{V}/user//info",
        f"{V}/user/info/?anything=else",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_is_served_whatever_its_slashes_and_never_redirected(api, address, method):
    assert api.raw(method, address)["code"] == 0


def test_a_double_slash_at_the_very_front_is_served(api):
    assert api.raw("GET", "/x", PATH_INFO="//open_api//v1.3/user/info///")["code"] == 0


def test_every_answer_has_its_own_request_id(api):
    ids = [api.get("user/info")["request_id"] for _ in range(5)]
    assert len(set(ids)) == 5
    assert all(re.fullmatch(r"\d{14}[0-9A-F]{18}", one) for one in ids)
    assert re.fullmatch(r"\d{14}[0-9A-F]{18}", Dialect().get("nothing")["request_id"])


def test_the_body_of_a_get_is_not_looked_at(api):
    answer = api.raw("GET", f"{V}/user/info/", b"\xff{{{", content_type="application/json")
    assert answer["code"] == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_is_json_whatever_its_type_says(brand, api, content_type):
    body = json.dumps({"advertiser_id": str(brand.advertiser.id), "address": "1 rue X"}).encode()
    assert api.raw("POST", UPDATE, body, content_type=content_type)["code"] == 0


def test_unknown_names_are_ignored_in_queries_and_bodies(brand, api):
    assert api.get("tt_video/list", advertiser_id=brand.advertiser.id, filters="{{", lifetime="maybe")["code"] == 0
    body = {"advertiser_id": str(brand.advertiser.id), "page_size": 1000, "rta_bid_enabled": False, "id": 5}
    assert api.post("advertiser/update", **body)["code"] == 0


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "Missing required field(s): advertiser_id."),
        (b"{}", "Missing required field(s): advertiser_id."),
        (b'{"advertiser_id": null}', "Missing required field(s): advertiser_id."),
        (b'{"advertiser_id": ""}', "Missing required field(s): advertiser_id."),
        (b"[]", "body: "),
        (b'"x"', "body: "),
        (b"{", "body: "),
        (b'{"a":1,"a":2}', "body: "),
        (b'{"a":NaN}', "body: "),
        (b"\xef\xbb\xbf{}", "body: "),
        (b'{"a":"\xff"}', "body: "),
        (b'{"a":"\\ud800"}', "body: "),
        (b'{"a":"\\u0000"}', "body: "),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "body: "),
        (b'{"a":' + b"[" * 300_000, "body: "),
        (b'{"a":"' + b"x" * (1024 * 1024) + b'"}', "body: "),
        (b'{"a":' + b"9" * 100_000 + b"}", "body: "),
        (b"advertiser_id=1", "body: "),
        (b'{"advertiser_id": 1}', "advertiser_id: "),
        (b'{"advertiser_id": true}', "advertiser_id: "),
        (b'{"advertiser_id": ["1"]}', "advertiser_id: "),
        (b'{"advertiser_id": "1e3"}', "advertiser_id: "),
        (b'{"advertiser_id": "99999999999999999999"}', "advertiser_id: "),
    ],
)
def test_a_body_that_is_refused_says_why(api, body, rule):
    answer = api.raw("POST", UPDATE, body)
    assert answer["code"] == 40002
    assert answer["message"].startswith(rule)
    assert answer["data"] == {}


def test_all_that_is_wrong_is_told_together(brand, api):
    answer = api.get("tt_video/list", advertiser_id=brand.advertiser.id, page="1e3", page_size="+5", item_types="AUDIO")
    assert answer["code"] == 40002
    for name in ("page: ", "page_size: ", "item_types: "):
        assert name in answer["message"]


@pytest.mark.parametrize(
    "value", ["1e3", "1.0", "+1", "NaN", "-1", "0", "1_0", "0x1", " 1", "1;", "9" * 30, "[1]", '"1"']
)
def test_a_page_is_plain_digits_from_one(brand, api, value):
    answer = api.get("tt_video/list", advertiser_id=brand.advertiser.id, page=value)
    assert (answer["code"], answer["message"].split(":")[0]) == (40002, "page")


def test_an_empty_page_is_the_first_and_a_far_one_is_empty(brand, api):
    for page in ("", "1"):
        assert api.get("tt_video/list", advertiser_id=brand.advertiser.id, page=page)["data"]["page_info"]["page"] == 1
    far = api.get("tt_video/list", advertiser_id=brand.advertiser.id, page=1_000_000, page_size=50)
    assert (far["code"], far["data"]["list"]) == (0, [])


@pytest.mark.parametrize(
    "query",
    [
        "advertiser_id=%00",
        "advertiser_id=%ff",
        "keyword=%ED%A0%80",
        "advertiser_id=1&advertiser_id=2",
        "&".join(f"p{n}=1" for n in range(600)),
        "advertiser_id={id}&item_types=[",
        "advertiser_id={id}&item_types={{}}",
        'advertiser_id={id}&item_types=[["VIDEO"]]',
        "advertiser_id={id}&item_types=" + "[" * 2_000,
        "advertiser_id={id}&keyword=" + "x" * 501,
        "advertiser_id=%D9%A1",
    ],
)
def test_a_query_that_is_broken_is_40002(brand, api, query):
    query = query.replace("{{}}", "%7B%7D").replace("{id}", str(brand.advertiser.id))
    assert api.raw("GET", f"{LIST}?{query}")["code"] == 40002


@pytest.mark.parametrize("value", ['[\n  "VIDEO",\n  "CAROUSEL"\n]', "VIDEO", '"VIDEO"', '["VIDEO"]', "[]", " [ ] "])
def test_a_list_may_be_spaced_out_or_bare(brand, api, value):
    assert api.get("tt_video/list", advertiser_id=brand.advertiser.id, item_types=value)["code"] == 0


def test_fields_keep_what_is_asked_and_name_what_is_not_there(brand, api):
    one = [str(brand.advertiser.id)]
    assert api.get("advertiser/info", advertiser_ids=one, fields=["name", "currency"])["data"] == {
        "list": [{"name": "Brand Ads", "currency": "EUR"}]
    }
    answer = api.get("advertiser/info", advertiser_ids=one, fields=["name", "shoe_size"])
    assert answer["code"] == 40002
    assert answer["message"].startswith("fields: shoe_size ")


def test_airbyte_asks_for_accounts_by_the_hundred_with_a_page_size(brand, api):
    answer = api.get("advertiser/info", advertiser_ids=[str(brand.advertiser.id)], page_size=100)
    assert len(answer["data"]["list"]) == 1


def test_a_broken_multipart_form_is_40002(api):
    for path in [path for path, methods in REGISTRY.items() for one in methods.values() if one.takes_files]:
        answer = api.raw("POST", f"{V}/{path}/", b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
        assert answer["code"] == 40002
        answer = api.raw("POST", f"{V}/{path}/", b"", content_type="multipart/form-data")
        assert answer["code"] == 40002


def test_a_strange_host_is_no_crash(api):
    assert api.raw("GET", f"{V}/user/info/", HTTP_HOST="bad host\\")["code"] in (0, 40002)
