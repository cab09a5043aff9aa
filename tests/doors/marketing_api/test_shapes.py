"""The recorded shape of every answer: which keys, in which order, of which type; one file to read them all.

When a shape changes on purpose, record it again: ``ATTISE_RECORD=1 pytest tests/doors/marketing_api/test_shapes.py``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from attise.doors.marketing_api.endpoint import CreatorAccount, NoToken
from attise.doors.marketing_api.routes import list_routes
from tests.doors.marketing_api.conftest import Dialect
from tests.doors.marketing_api.worlds import World, a_world, params_of

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parent / "shapes.json"
READS = [
    route
    for route in list_routes()
    if route.endpoint is not None and route.method == "GET" and not isinstance(route.endpoint.needs, NoToken)
]


def shape_of(value: Any) -> Any:
    """Return the types of a JSON value; of a list, those of its first item."""
    if isinstance(value, dict):
        return {key: shape_of(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return names[type(value)]


def read(world: World, route) -> Any:
    is_creators = isinstance(route.endpoint.needs, CreatorAccount)
    client = Dialect(world.creator_token) if is_creators else world.tenant.client("admin")
    params = params_of(route.endpoint, world)
    if route.path == "oauth2/advertiser/get":
        params = {"app_id": str(world.tenant.app_id), "secret": world.tenant.app_secret}
    if route.path == "tt_video/info":
        params["auth_code"] = next(mark for mark in world.marks if mark.startswith("#"))
    if route.path == "business/video/list":
        params["fields"] = ["item_id", "caption", "create_time", "thumbnail_url", "video_duration", "is_ad"]
    answer = client.get(route.path, **params)
    assert answer["code"] == 0, answer
    return answer["data"]


def test_every_read_has_its_recorded_shape(means):
    world = a_world(means, "Brand", "lea")
    shapes = {route.path: shape_of(read(world, route)) for route in READS}
    if os.environ.get("ATTISE_RECORD"):
        RECORDED.write_text(json.dumps(shapes, indent=1) + "\n")
    assert json.loads(RECORDED.read_text()) == shapes
    assert json.dumps(json.loads(RECORDED.read_text())) == json.dumps(shapes), "the order of keys changed"


def test_no_read_costs_more_than_twelve_queries(means, django_assert_max_num_queries):
    world = a_world(means, "Brand", "lea")
    for route in READS:
        with django_assert_max_num_queries(12, info=route.path):
            read(world, route)
