"""The tables of this door are whole: every path known, every refusal coded, every page fresh."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import attise
from attise.doors.marketing_api import known_paths
from attise.doors.marketing_api.coverage import page
from attise.doors.marketing_api.endpoint import REGISTRY
from attise.doors.marketing_api.routes import list_routes
from attise.doors.marketing_api.wire import codes, errors
from attise.kernel.errors import REASONS, Kind, Refusal, Refusals
from attise.management.authorizations.errors import SPARK_REASONS

ROOT = Path(__file__).parents[3]
TIER_A = [
    "oauth2/access_token",
    "oauth2/advertiser/get",
    "oauth2/revoke_token",
    "oauth2/token",
    "user/info",
    "advertiser/info",
    "advertiser/update",
    "bc/advertiser/create",
    "bc/get",
    "bc/asset/account/authorization",
    "bc/asset/get",
    "bc/asset/admin/get",
    "bc/asset/advertiser/assign",
    "bc/asset/advertiser/unassign",
    "bc/asset/advertiser/assigned",
    "bc/asset/assign",
    "bc/asset/unassign",
    "bc/asset/admin/delete",
    "bc/asset/bind/quota",
    "bc/member/get",
    "bc/member/invite",
    "bc/member/update",
    "bc/member/delete",
    "bc/balance/get",
    "advertiser/balance/get",
    "advertiser/transaction/get",
    "bc/transaction/get",
    "bc/account/transaction/get",
    "bc/transfer",
    "tt_user/oauth2/token",
    "tt_user/oauth2/refresh_token",
    "tt_user/oauth2/revoke",
    "tt_user/token_info/get",
    "business/post/authorize/setting",
    "business/post/authorize/status",
    "business/post/authorize",
    "business/post/authorize/delete",
    "business/video/list",
    "business/video/publish",
    "business/get",
    "business/comment/list",
    "business/comment/reply/list",
    "dmp/custom_audience/list",
    "dmp/custom_audience/get",
    "tt_video/authorize",
    "tt_video/info",
    "tt_video/list",
    "tt_video/unbind",
    "identity/get",
    "identity/create",
    "identity/delete",
    "identity/info",
    "identity/video/get",
    "identity/video/info",
    "file/video/ad/upload",
    "file/video/ad/info",
    "file/video/ad/search",
    "file/image/ad/upload",
    "file/image/ad/info",
    "file/image/ad/search",
    "file/video/suggestcover",
    "pixel/create",
    "pixel/list",
    "pixel/update",
    "pixel/event/create",
    "pixel/event/update",
    "pixel/event/delete",
    "pixel/event/stats",
    "pixel/instant_page/event",
    "event/track",
    "pixel/track",
    "pixel/batch",
    "app/create",
    "app/update",
    "app/list",
    "app/info",
    "campaign/create",
    "campaign/get",
    "campaign/update",
    "campaign/status/update",
    "adgroup/create",
    "adgroup/get",
    "adgroup/update",
    "adgroup/status/update",
    "adgroup/budget/update",
    "adgroup/quota",
    "creative/cta/recommend",
    "creative/portfolio/create",
    "creative/portfolio/get",
    "creative/portfolio/list",
    "file/music/get",
    "search/region",
    "tool/region",
    "tool/language",
    "tool/interest_category",
    "tool/action_category",
    "tool/interest_keyword/recommend",
    "tool/interest_keyword/get",
    "tool/hashtag/recommend",
    "tool/hashtag/get",
    "tool/device_model",
    "tool/os_version",
    "tool/carrier",
    "tool/timezone",
    "tool/phone_region_code",
    "tool/url_validate",
    "tool/targeting/search",
    "tool/targeting/info",
    "tool/targeting/list",
    "tool/bid/recommend",
    "ad/create",
    "ad/get",
    "ad/update",
    "ad/status/update",
    "business/spark_ad/create",
    "business/video/recommend",
    "spark_ad/recommend",
    "report/integrated/get",
    "report/task/create",
    "report/task/check",
    "report/task/download",
    "report/task/cancel",
]


def test_the_endpoints_of_a_spark_code_from_end_to_end_are_served():
    assert set(TIER_A) == set(REGISTRY)


def test_every_served_endpoint_is_known_with_its_method():
    for route in list_routes():
        assert route.method in known_paths.methods_of(route.path), f"{route.method} {route.path}"


def test_the_list_of_paths_is_sorted_and_says_each_once():
    lines = (ROOT / "src/attise/doors/marketing_api/known_paths.txt").read_text().splitlines()
    paths = [line.split()[-1] for line in lines]
    assert paths == sorted(set(paths))
    assert all(re.fullmatch(r"(GET |POST ){1,2}[a-z0-9_]+(/[a-z0-9_]+)*", line) for line in lines)


def test_everything_that_the_official_sdk_calls_is_known():
    done = subprocess.run(
        [sys.executable, "tools/dialect_paths.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_coverage_page_is_fresh():
    assert (ROOT / "docs/coverage.md").read_text() == page()


@pytest.fixture(scope="module")
def reasons():
    for found in pkgutil.walk_packages(attise.__path__, "attise."):
        if found.name.split(".")[-1] in {"errors", "text", "urls", "declared"}:
            importlib.import_module(found.name)
    return list(REASONS.values())


def test_every_reason_has_a_code_of_the_dialect(reasons):
    assert set(codes.BY_KIND) == set(Kind)
    documented = {
        *(40001, 40002, 40006, 40007, 40008, 40050, 40100, 40101, 40102, 40103, 40104, 40105, 40107, 40108, 40110),
        *(
            40062,
            40065,
            40113,
            40117,
            40130,
            40201,
            40202,
            40400,
            40502,
            40900,
            40901,
            40902,
            40905,
            40906,
            40907,
            40908,
        ),
    }
    given = {codes.code_of(reason) for reason in reasons}
    assert given <= documented
    assert len(reasons) > 100


def test_every_spark_refusal_is_40002_by_its_name_with_its_number():
    for reason in SPARK_REASONS:
        refusal = Refusal(reason, field="auth_code", **({"date": "2026-11-20"} if "%(date)s" in reason.message else {}))
        code, message, data = codes.told(refusal)
        assert code == 40002
        assert message.startswith(f"{reason.code}: ")
        assert data == {"error_name": reason.code, "spark_error_code": reason.number}


def test_what_is_absent_or_forbidden_is_told_in_one_text_whatever_it_is(reasons):
    for kind in (Kind.ABSENT, Kind.FORBIDDEN):
        told = {
            codes.message_of(Refusal(reason, field="anything"))
            for reason in reasons
            if codes.code_of(reason) in (40001, 40007) and reason.kind is kind
        }
        assert len(told) == 1


def test_several_refusals_are_told_in_one_message():
    several = Refusals(
        [
            Refusal(errors.VALUE_CHOICE, field="a", choices="X, Y"),
            Refusal(errors.VALUE, field="b", rule=errors.RULE_TIME),
        ]
    )
    code, message, data = codes.told(several)
    assert (code, data) == (40002, {})
    assert message.startswith("a: must be one of X, Y.")
    assert " b: must be a time like " in message


def test_every_endpoint_says_what_it_does():
    for methods in REGISTRY.values():
        for endpoint in methods.values():
            assert (endpoint.run.__doc__ or "").strip().splitlines()[0].endswith((".", ".)"))
