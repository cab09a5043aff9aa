"""Whatever is sent, the answer is HTTP 200 with a whole envelope, and never our fault.

``make test`` sends a few of each; the part marked ``long`` sends many.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attise.doors.marketing_api.routes import list_routes
from tests.doors.marketing_api.conftest import Dialect

pytestmark = pytest.mark.django_db
SERVED = [route for route in list_routes() if route.endpoint is not None]
GETS = [route for route in SERVED if route.method == "GET"]
POSTS = [route for route in SERVED if route.method == "POST"]
OURS = {50000, 50002, 40105}
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
few = settings(max_examples=50, deadline=None, suppress_health_check=CHECKS)
many = settings(max_examples=1_000, deadline=None, suppress_health_check=CHECKS)

numbers = st.integers() | st.floats() | st.sampled_from([2**63, 2**64, -1, 0, 10**18, 1e308])
words = st.text(max_size=40) | st.sampled_from(
    ["", " ", "\0", "null", "NaN", "1e3", "0x10", "٣", "%s", "{}", "[]", "' OR 1=1 --", "\ud800", "a\u202eb", "#" * 90]
)
values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


def names_of(route) -> list[str]:
    return [member.name for member in route.endpoint.shape.members]


@st.composite
def requests(draw, routes):
    route = draw(st.sampled_from(routes))
    named = st.sampled_from([*names_of(route), "anything"])
    return route, draw(st.dictionaries(named, values, max_size=8))


def own(route, brand) -> dict[str, str]:
    """Return one's own advertiser and Business Center where the endpoint asks for them, to get past the door."""
    mine = {"advertiser_id": str(brand.advertiser.id), "bc_id": str(brand.center.id)}
    return {name: value for name, value in mine.items() if name in names_of(route)}


def ask_a_query(brand, asked, named):
    route, params = asked
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in params.items()
    }
    texts |= own(route, brand) if named else {}
    query = "&".join(f"{quote(name)}={quote(text.encode('utf-8', 'surrogatepass'))}" for name, text in texts.items())
    answer = brand.client().raw("GET", f"/open_api/v1.3/{route.path}/?{query}")
    assert answer["code"] not in OURS or "creator" in str(route.endpoint.needs).lower(), answer


def send_a_body(brand, asked, named):
    route, params = asked
    body = json.dumps(params | (own(route, brand) if named else {})).encode("utf-8", "surrogatepass")
    answer = brand.client("operator").raw("POST", f"/open_api/v1.3/{route.path}/", body)
    assert answer["code"] not in OURS or "creator" in str(route.endpoint.needs).lower() or "revoke" in route.path


def send_bytes(brand, method, route, raw):
    client = brand.client()
    path = f"/open_api/v1.3/{route.path}/"
    asked = (f"{path}?{quote(raw, safe='=&[]{}+')}", b"") if method == "GET" else (path, raw)
    assert client.raw(method, *asked)["code"] not in {50000, 50002}


def go_to_a_path(path):
    answer = Dialect().raw("GET", "/x", PATH_INFO=f"/open_api/{path}".encode().decode("latin-1"))
    assert answer["code"] in {40400, 40006, 40008, 40104, 40117}


queries = given(asked=requests(GETS), named=st.booleans())
bodies = given(asked=requests(POSTS), named=st.booleans())
some_bytes = given(method=st.sampled_from(["GET", "POST"]), route=st.sampled_from(SERVED), raw=st.binary(max_size=200))
paths = given(path=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="?#"), max_size=60))


@queries
@few
def test_queries(brand, asked, named):
    ask_a_query(brand, asked, named)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@queries
@many
def test_many_queries(brand, asked, named):
    ask_a_query(brand, asked, named)


@bodies
@few
def test_bodies(brand, asked, named):
    send_a_body(brand, asked, named)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@bodies
@many
def test_many_bodies(brand, asked, named):
    send_a_body(brand, asked, named)


@some_bytes
@few
def test_bytes(brand, method, route, raw):
    send_bytes(brand, method, route, raw)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@some_bytes
@many
def test_many_bytes(brand, method, route, raw):
    send_bytes(brand, method, route, raw)


@paths
@few
def test_paths(means, path):
    go_to_a_path(path)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@paths
@many
def test_many_paths(means, path):
    go_to_a_path(path)
