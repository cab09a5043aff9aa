"""Requests for items that nobody thought of: no 5xx, every answer as the API's description says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from attise.doors.edge.feed.calls import PATHS
from attise.doors.native_api.schemas.feed import FeedAnswer
from tests.doors.edge.feed.conftest import House
from tests.doors.edge.feed.shown_items import shown
from tests.doors.native_api.specimens import OF_THE_EDGE, described
from tests.snapshot_records import a_post_record, a_standard_ad_record, an_ad_record

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.negative_data_rejection,
]
FEW, MANY = 20, 2_000


@pytest.fixture(scope="module")
def served() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), at_once=True)  # as the server does: what is not plain goes on the usual way
        house.keeping.keeper.start()
        house.decider.items = [
            shown(house, post=a_post_record()),
            shown(house, ad=an_ad_record()),
            shown(house, ad=a_standard_ad_record()),
        ]
        SERVED.append(house)
        yield house
        SERVED.clear()
        house.close()


SERVED: list[House] = []


def edge(environ, start_response):
    """Hand a request on to the edge's own calls, in this process."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
    }
    headers.setdefault("content-length", "0")
    headers["host"] = "app.example"
    body = environ["wsgi.input"].read(int(headers["content-length"] or 0))
    sent = SERVED[0].send(
        environ["REQUEST_METHOD"], environ["PATH_INFO"], body, headers={"content-type": "", **headers}, key=""
    )
    reply = asyncio.run(sent)
    start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(reply.headers.items()))
    return [reply.body]


def a_schema():
    whole = described()
    schema = schemathesis.openapi.from_dict({**whole, "paths": {path: whole["paths"][path] for path in OF_THE_EDGE}})
    schema.app = edge
    return schema


FEW_OF_EACH, MANY_OF_EACH = a_schema(), a_schema()


def answer(case, house):
    headers = {"Authorization": f"Bearer {house.key}"}
    response = case.call(headers=headers)
    # What is too large is turned away unread, whatever is wrong with it.
    is_unread = response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    fitting = [check for check in CHECKS if not (is_unread and check is checks.negative_data_rejection)]
    case.validate_response(response, checks=fitting, headers=headers)


@FEW_OF_EACH.parametrize()
@settings(max_examples=FEW, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_few_requests_for_items(case, served):
    answer(case, served)


@pytest.mark.long
@pytest.mark.timeout(1_500)
@MANY_OF_EACH.parametrize()
@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_requests_for_items(case, served):
    answer(case, served)


def test_items_of_every_kind_are_of_the_shape_that_is_described(served):
    for path in PATHS:
        reply = served.ask({}, path=path)
        told = FeedAnswer.model_validate_json(reply.body)
        assert [item.kind for item in told.items] == ["organic", "ad", "ad"]
        assert [item.ad is None for item in told.items] == [True, False, False]
