"""Requests that nobody thought of: no 5xx, every answer as the description says, what it forbids is refused.

``make test`` tries a few of one operation in three; the part marked ``long`` tries many of each. What is wrong with one
field of any operation is for ``test_bad_input.py``.
"""

from __future__ import annotations

import copy
import json
from contextlib import closing

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as tried
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from attise.doors.native_api.bulk_form import NDJSON
from attise.doors.native_api.schemas.verdicts import BulkVerdict
from attise.kernel.house import Mode
from attise.management.accounts.actions import make_host_key
from tests.doors.native_api.conftest import Host
from tests.doors.native_api.specimens import OF_THE_EDGE, SPOKEN_IN_TUS, World, a_world, described

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
REFUSING = [checks.missing_required_header, checks.negative_data_rejection]
"""What is wrong is answered by a status that speaks of the request."""
OF_TUS = {"upload_id"}
"""What stays unknown: ``test_uploads.py`` goes further."""
FEW, MANY = 6, 250
_SITE = WSGIHandler()


@schemathesis.serializer(NDJSON)
def lines(_context, value):
    """Write a list as lines; whatever else was thought of goes as one."""
    rows = value if isinstance(value, list) else [value]
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)


@schemathesis.serializer("application/offset+octet-stream")
def piece(_context, value):
    """Write bytes as they are, and whatever else was thought of as JSON."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def site(environ, start_response):
    """Answer as the site does, but keep the test's connection open, as the framework's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with closing(_SITE(environ, start_response)) as answered:
            return list(answered)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def a_schema(one_in: int = 1):
    """Return the description with bulk bodies as lists of their lines, served by the site itself.

    Of its addresses one in so many: thinking of requests takes longer than answering them.
    """
    described_here = copy.deepcopy(described())
    for path in OF_THE_EDGE:
        del described_here["paths"][path]
    for place, path in enumerate(sorted(described_here["paths"])):
        if place % one_in:
            del described_here["paths"][path]
    for methods in described_here["paths"].values():
        for method, said in methods.items():
            if method == "parameters":  # of all methods of the address
                continue
            body = said.get("requestBody", {}).get("content", {}).get(NDJSON)
            if body is not None:
                body["schema"] = {"type": "array", "items": body["schema"]["contentSchema"], "maxItems": 5}
    schema = schemathesis.openapi.from_dict(described_here)
    schema.app = site
    return schema


FEW_OF_SOME, MANY_OF_EACH = a_schema(one_in=3), a_schema()


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[str, World]:
    """The host's key, and the small world that it has made, in a sandbox."""
    key = make_host_key(lasting, name="app")[1]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings.HOUSE, "mode", Mode.SANDBOX)
        return key, a_world(Host(key), lasting)


@pytest.fixture
def host(settled, means, sandbox, media) -> Host:
    return Host(settled[0])


@pytest.fixture
def world(settled) -> World:
    return settled[1]


def aim(case, world: World) -> None:
    """Have a well-formed request speak of objects that are there, so that it gets further than a 404."""
    for name in set(case.path_parameters or {}) - OF_TUS:
        case.path_parameters[name] = world.ids[name]
    rows = case.body if isinstance(case.body, list) else [case.body]
    for row in rows:
        for name in set(row) & set(world.ids) if isinstance(row, dict) else ():
            row[name] = world.ids[name]


def is_written(case) -> bool:
    """Tell whether the address says each value of the query as it is; of an object its parts are left."""
    return not any(value is None or isinstance(value, list | dict) for value in (case.query or {}).values())


def answer(case, host, world: World, number: int) -> None:
    positive = case.meta is None or case.meta.generation.mode.is_positive
    if positive and number % 4:
        aim(case, world)
    in_bulk = case.operation.path.startswith("/v1/bulk/")
    more = [] if in_bulk or not is_written(case) else REFUSING
    if case.operation.path in SPOKEN_IN_TUS:  # tus has 412 for a header that lacks, and OPTIONS of any address
        more = []
    response = case.call_and_validate(headers={"Authorization": f"Bearer {host.key}"}, checks=CHECKS + more)
    if in_bulk and response.status_code == 200:
        verdicts = [BulkVerdict.model_validate_json(line) for line in response.content.splitlines()]
        assert [verdict.line for verdict in verdicts] == sorted({verdict.line for verdict in verdicts})


@pytest.fixture
def number():
    """Counts the requests of one test."""
    counted = [0]

    def next_number() -> int:
        counted[0] += 1
        return counted[0]

    return next_number


@FEW_OF_SOME.parametrize()
@tried(max_examples=FEW, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_few_requests_of_one_address_in_three(case, host, world, number):
    answer(case, host, world, number())


@pytest.mark.long
@MANY_OF_EACH.parametrize()
@tried(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_requests_of_each_operation(case, host, world, number):
    answer(case, host, world, number())
