"""The isolation matrix of the dialect, made from its routing table: no endpoint can be left out of it.

For every endpoint, every parameter that names an object, and every role: the answer for another tenant's object is,
word for word, the answer for one that does not exist, and holds nothing of it. An endpoint with a parameter that this
file does not know fails here until somebody says what it names.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from attise.doors.marketing_api.endpoint import CreatorAccount, NoToken
from attise.doors.marketing_api.routes import list_routes
from attise.doors.marketing_api.wire.shapes import IdShape, ListShape
from tests.doors.marketing_api.conftest import ROLES, Dialect
from tests.doors.marketing_api.worlds import World, a_world, ask, params_of, places, wrapped

pytestmark = pytest.mark.django_db
UNKNOWN_ID = "1790000000000000001"
UNKNOWN_TEXT = "v10033g50000unknownunknownunkno"

SERVED = [route for route in list_routes() if route.endpoint is not None]
CASES = [
    pytest.param(route.method, route.endpoint, place, id=f"{route.method} {route.path} {'.'.join(map(str, place))}")
    for route in SERVED
    for place, _ in places(route.endpoint)
    if not isinstance(route.endpoint.needs, NoToken)
]


def put(params: dict[str, Any], place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    *path, last = place
    made = json.loads(json.dumps(params))
    if last == "item_ids":
        made.pop("item_id", None)
    inner = made
    for step, after in zip(path, place[1:], strict=True):
        inner = inner[step] if isinstance(step, int) else inner.setdefault(step, [{}] if after == 0 else {})
    inner[last] = value
    return made


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[World, World]:
    return a_world(lasting, "Brand", "lea"), a_world(lasting, "Rival", "zoe")


@pytest.fixture
def worlds(settled, means) -> tuple[World, World]:
    return settled


@pytest.mark.parametrize(("method", "endpoint", "place"), CASES)
def test_anothers_object_is_told_like_one_that_does_not_exist(worlds, method, endpoint, place):
    mine, theirs = worlds
    shape = dict(places(endpoint))[place]
    name = place[-1]
    number = isinstance(shape.item if isinstance(shape, ListShape) else shape, IdShape)
    foreign = put(params_of(endpoint, mine), place, wrapped(theirs.value(endpoint.path, name), shape))
    unknown = put(params_of(endpoint, mine), place, wrapped(UNKNOWN_ID if number else UNKNOWN_TEXT, shape))
    clients = (
        {"creator": Dialect(mine.creator_token)}
        if isinstance(endpoint.needs, CreatorAccount)
        else {role: mine.tenant.client(role) for role in ROLES}
    )
    for role, client in clients.items():
        told = ask(client, method, endpoint.path, foreign)
        assert told == ask(client, method, endpoint.path, unknown), role
        text = json.dumps(told, ensure_ascii=False)
        assert [mark for mark in theirs.marks if mark in text] == [], role
        if len(place) == 1 and method == "POST":
            assert told["code"] in (40001, 40002, 40007), role


@pytest.mark.parametrize("route", SERVED, ids=lambda route: f"{route.method} {route.path}")
def test_one_cannot_be_asked_in_anothers_name(worlds, route):
    """With all of another tenant's own names at once, whatever the role."""
    mine, theirs = worlds
    if isinstance(route.endpoint.needs, NoToken) or not places(route.endpoint):
        return
    params = params_of(route.endpoint, theirs)
    clients = [Dialect(mine.creator_token), *(mine.tenant.client(role) for role in ROLES)]
    for client in clients:
        told = ask(client, route.method, route.path, params)
        text = json.dumps(told, ensure_ascii=False)
        assert [mark for mark in theirs.marks if mark in text] == []
        assert told["code"] != 0 or route.path in {"bc/get", "spark_ad/recommend"}


def test_the_matrix_acts_on_ones_own_objects_for_real(worlds):
    """The parameters of the matrix are good ones: on one's own objects, reads succeed."""
    mine, _ = worlds
    for route in SERVED:
        if route.method == "GET" and not isinstance(route.endpoint.needs, NoToken):
            is_creators = isinstance(route.endpoint.needs, CreatorAccount)
            client = Dialect(mine.creator_token) if is_creators else mine.tenant.client("admin")
            params = params_of(route.endpoint, mine)
            if route.path == "oauth2/advertiser/get":
                params = {"app_id": str(mine.tenant.app_id), "secret": mine.tenant.app_secret}
            if route.path == "tt_video/info":
                params["auth_code"] = next(mark for mark in mine.marks if mark.startswith("#"))
            assert ask(client, "GET", route.path, params)["code"] == 0, route.path
