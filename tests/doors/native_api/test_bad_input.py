"""Bad input, generated over every field of every operation: refused by name, never a 5xx, nothing made."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from attise.kernel.house import Mode
from attise.management.accounts.actions import make_host_key
from tests.doors.native_api.conftest import Host, errors_of
from tests.doors.native_api.specimens import (
    ROWS,
    UNKNOWN_ID,
    Operation,
    World,
    a_world,
    branches,
    fields,
    operations,
    resolve,
)

pytestmark = pytest.mark.django_db
WITH_BODY = [operation for operation in operations() if operation.body() is not None]
IN_BULK = [operation for operation in operations() if operation.body("application/x-ndjson") is not None]
ALL = operations()
MARK = "\x01RAW\x01"
"""Stands in a body for what is not JSON, or not as the encoder writes it."""
RAW = {
    "lone surrogate": b'"\\ud800"',
    "surrogate in a name": b'{"\\udfff":1}',
    "NUL": b'"a\\u0000b"',
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "past infinity": b"1e999",
    "bytes that are not UTF-8": b'"\xff\xfe"',
    "a control character as it is": b'"a\x01b"',
    "deep": b"[" * 40 + b"]" * 40,
    "a very long number": b"9" * 5_000,
    "cut": b'"',
}
WRONG_OF_TYPE: dict[str, list[Any]] = {
    "string": [5, 5.5, True, ["x"], {"x": 1}, [], {}],
    "integer": ["5", 5.5, 1e300, True, [5], {}, 10**38, -(10**38), ""],
    "boolean": ["true", "false", 0, 1, "", [], {}],
    "array": ["x", 5, True, {}, {"0": "x"}],
    "object": ["x", 5, True, [], [{}]],
}


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[str, World]:
    """The host's key, and the small world that it has made, in a sandbox."""
    key = make_host_key(lasting, name="app")[1]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings.HOUSE, "mode", Mode.SANDBOX)
        return key, a_world(Host(key), lasting)


@pytest.fixture
def host(settled, sandbox) -> Host:
    return Host(settled[0])


@pytest.fixture
def world(settled) -> World:
    return settled[1]


def one_in(share: int) -> pytest.MarkDecorator:
    """Try one wrong value in so many of each field, other ones in the next field; all of them in the long run."""
    return pytest.mark.parametrize("share", [share, pytest.param(1, marks=pytest.mark.long)], ids=["some", "all"])


def shared(values: list[Any], place: int, share: int) -> list[Any]:
    return values[place % min(share, len(values)) :: share]


def a_name(value: Any) -> str:
    return str(value)


def wrong_values(kinds: list[dict[str, Any]]) -> list[Any]:
    """Return values that none of a field's alternatives takes."""
    types = {"integer" if "enum" in kind and "type" not in kind else kind.get("type", "null") for kind in kinds}
    found = [value for name in types if name in WRONG_OF_TYPE for value in WRONG_OF_TYPE[name]]
    found = [value for value in found if not any(_is_of(value, name) for name in types)]
    for kind in kinds:
        if "enum" in kind or "const" in kind:
            found.append("no such value" if kind.get("type") == "string" else 10**6)
        if "maxLength" in kind:
            found += ["x" * (kind["maxLength"] + 1), "x" * 500_000]
        if "maxItems" in kind:
            found.append([None] * (kind["maxItems"] + 1))
        if "maximum" in kind:
            found += [kind["maximum"] + 1, 10**18]
        if "minimum" in kind:
            found += [kind["minimum"] - 1]
        if kind.get("pattern", "").startswith("^[1-9]"):
            found += ["", "0", "-1", "01", "1.0", "1e3", " 1", "1 ", "abc", "９", "9" * 30, UNKNOWN_ID + "\n"]
        if kind.get("format") == "date-time":
            found += ["", "now", "2026-01-01", "2026-13-45T00:00:00Z", "0000-00-00T00:00:00Z"]
        if kind.get("type") == "array":
            items = branches(kind["items"])
            found += [[value] for value in wrong_values(items)] + [[None]]
    if "null" not in types:
        found.append(None)
    return found


def _is_of(value: Any, name: str) -> bool:
    kinds = {
        "string": isinstance(value, str),
        "integer": isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30,
        "boolean": isinstance(value, bool),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "null": value is None,
    }
    return kinds[name]


def put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return a body with one field set, its parents made if need be."""
    made = copy.deepcopy(body)
    inner = made
    for name in path[:-1]:
        inner[name] = inner[name] if isinstance(inner.get(name), dict) else {}
        inner = inner[name]
    inner[path[-1]] = value
    return made


def encoded(body: Any, raw: bytes | None = None) -> bytes:
    text = json.dumps(body).encode()
    return text if raw is None else text.replace(json.dumps(MARK).encode(), raw)


def counted() -> int:
    """Return how many rows there are of anything that a request could make, by one question."""
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("attise.")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' + '.join(f'(SELECT COUNT(*) FROM {table})' for table in tables)}")
        return cursor.fetchone()[0]


def refused(response: Any, what: Any) -> None:
    assert response.status_code in {400, 404, 409, 413, 415, 422}, (what, response.status_code, response.content[:500])
    errors_of(response)


@one_in(4)
@pytest.mark.parametrize("operation", WITH_BODY, ids=a_name)
def test_a_wrong_value_in_any_field_is_refused_by_its_name(host, world, operation, share):
    body, path = world.body(operation), world.path(operation)
    before, tried = counted(), 0
    for place, (field, kinds) in enumerate(fields(operation.body())):
        for value in shared(wrong_values(kinds), place, share):
            response = host.send(operation.method, path, put(body, field, value))
            refused(response, (field, value))
            assert response.status_code == 422, (field, value, response.content[:300])
            named = {name.split("[")[0] for name, _ in errors_of(response) if name}
            assert ".".join(field) in named, (field, value, named)
            tried += 1
    assert tried
    assert counted() == before


@one_in(5)
@pytest.mark.parametrize("operation", WITH_BODY, ids=a_name)
def test_what_is_not_json_in_any_field_is_refused(host, world, operation, share):
    body, path = world.body(operation), world.path(operation)
    before = counted()
    for place, (field, _) in enumerate(fields(operation.body())):
        for what, raw in shared(list(RAW.items()), place, share):
            response = host.send(operation.method, path, encoded(put(body, field, MARK), raw))
            refused(response, (field, what))
            assert response.status_code == 400, (field, what)
    assert counted() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=a_name)
def test_an_unknown_field_at_any_depth_is_refused_by_its_name(host, world, operation):
    body, path = world.body(operation), world.path(operation)
    before = counted()
    places = [()] + [
        field for field, kinds in fields(operation.body()) if any(kind.get("type") == "object" for kind in kinds)
    ]
    for place in places:
        for name in ("status", "advertiser_id_", "__proto__", " ", "é"):
            response = host.send(operation.method, path, put(body, (*place, name), "x"))
            assert response.status_code == 422, (place, name, response.content[:300])
            assert (".".join((*place, name)), "field_unknown") in errors_of(response)
    assert counted() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=a_name)
def test_each_required_field_is_asked_for_and_all_at_once(host, world, operation):
    required = resolve(operation.body()).get("required", [])
    response = host.send(operation.method, world.path(operation), {})
    if required:
        assert response.status_code == 422
        assert errors_of(response) == [(name, "field_required") for name in required]


@pytest.mark.parametrize("operation", WITH_BODY, ids=a_name)
def test_bodies_of_another_form_are_refused(host, world, operation):
    path = world.path(operation)
    before = counted()
    for raw in (b"", b"[]", b"null", b'"x"', b"5", b"{}{}", b"\xef\xbb\xbf{}", b"{" * 100_000, b'{"a":' * 100_000):
        refused(host.send(operation.method, path, raw), raw[:20])
    ten_megabytes = b'{"x":"' + b"x" * 10_000_000 + b'"}'
    assert host.send(operation.method, path, ten_megabytes).status_code == 413
    assert host.send(operation.method, path, world.body(operation), kind="text/plain").status_code == 415
    assert counted() == before


@pytest.mark.parametrize("operation", ALL, ids=a_name)
def test_wrong_queries_are_refused(host, world, operation):
    path = world.path(operation)
    before = counted()
    kind = "application/x-ndjson" if operation in IN_BULK else "application/json"
    body = json.dumps(ROWS[operation.name](world)).encode() if operation in IN_BULK else world.body(operation)
    wrong = ["unheard=1", "cursor_=x", "%00=1", "=1", "a[]=1"]
    if "limit" in operation.query:
        wrong += [
            "limit=x",
            "limit=0",
            "limit=101",
            "limit=1e1",
            "limit=%00",
            "limit=1&limit=1",
            "limit=" + "9" * 5_000,
        ]
        if "cursor" in operation.query:
            wrong += ["cursor=x", "cursor=%00", "cursor=%ed%a0%80", "cursor=%ff", "cursor=" + "x" * 5_000]
    for query in wrong:
        response = host.send(operation.method, f"{path}?{query}", body, kind=kind)
        assert response.status_code == 422, (query, response.status_code, response.content[:300])
        errors_of(response)
    assert counted() == before


@pytest.mark.parametrize("operation", IN_BULK, ids=a_name)
def test_a_wrong_value_in_any_field_of_a_line_is_that_lines_verdict(host, world, operation):
    row = ROWS[operation.name](world)
    wrong = [
        put(row, field, value)
        for field, kinds in fields(operation.body("application/x-ndjson")["contentSchema"])
        for value in wrong_values(kinds)
        if len(json.dumps(value)) < 50_000
    ]
    wrong += [encoded(put(row, ("key",), MARK), raw) for raw in RAW.values()]
    before = counted()
    verdicts = host.bulk(operation.name.removeprefix("bulk_"), wrong)
    assert [verdict["line"] for verdict in verdicts] == list(range(1, len(wrong) + 1))
    for verdict, sent in zip(verdicts, wrong, strict=True):
        assert verdict["status"] == "rejected", sent
        assert verdict["error"]["code"] in {"field_invalid", "field_required", "bad_json"}, (sent, verdict)
    assert counted() == before


def test_the_generator_finds_something_wrong_for_every_type():
    """A planted field of each type: nothing that is right for it is among what is wrong."""
    for kinds, right in (
        ([{"type": "string"}], "x"),
        ([{"type": "integer", "minimum": 0, "maximum": 9}], 5),
        ([{"type": "boolean"}], True),
        ([{"type": "array", "items": {"type": "string"}}], ["x"]),
        ([{"type": "object"}, {"type": "null"}], None),
    ):
        found = wrong_values(kinds)
        assert len(found) >= 4
        assert not any(value == right and type(value) is type(right) for value in found)


def test_operations_are_all_there():
    assert len(ALL) >= 40
    assert {type(operation) for operation in ALL} == {Operation}
    assert len(WITH_BODY) >= 18
    assert len(IN_BULK) == 4
