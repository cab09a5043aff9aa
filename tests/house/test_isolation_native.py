"""No id opens what it does not name: over every operation of the native API, from its description.

One installation has one host, so there is no other tenant here; what an id may wrongly reach is an object of another
kind. An unknown id, a text that is no id, and the id of another thing are answered with the same 404, word for word.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from attise.management.accounts.actions import make_host_key, revoke_host_key
from tests.doors.native_api.conftest import Host
from tests.doors.native_api.specimens import ROWS, UNKNOWN_ID, Operation, World, a_world, fields, operations

pytestmark = pytest.mark.django_db
ALL = operations()
WITH_IDS = [operation for operation in ALL if operation.ids]
NO_IDS = ("0", "01", "-1", "1.0", "1e18", "abc", "%00", "%20", "9" * 19, "9" * 40, "９", "null", "true", "..;")
ID_FORM = "^[1-9][0-9]{0,18}$"
IN_BODIES = {
    *("viewer_id", "creator_id", "of_post_id", "bc_id", "advertiser_id", "follows"),
    *("pixel_id", "app_id", "audiences", "excluded_audiences"),
    *("first_id", "second_id", "ad_id"),
    *("post_id", "unpublished_id", "portfolio_id", "tracking_pixel_id", "tracking_app_id", "campaign_ids"),
    *("upload_id", "post_ids", "person_id"),
}
"""The fields of bodies that name an object; a new one must be known to this matrix."""
OF_A_KIND = {
    "of_post_id": "post_id",
    "tracking_pixel_id": "pixel_id",
    "tracking_app_id": "app_id",
    "first_id": "adgroup_id",
    "second_id": "adgroup_id",
    "campaign_ids": "campaign_id",
    "post_ids": "post_id",
}
"""What those name that are not called by their kind."""


@pytest.fixture(scope="module")
def settled(lasting) -> tuple[str, World]:
    """The host's key, and the small world that it has made."""
    key = make_host_key(lasting, name="app")[1]
    return key, a_world(Host(key), lasting)


@pytest.fixture
def host(settled, means) -> Host:
    return Host(settled[0])


@pytest.fixture
def world(settled) -> World:
    return settled[1]


def send(host: Host, world: World, operation: Operation, path: str, body: Any = None) -> tuple[int, str]:
    """Return the status and the body of an answer, without what names the request itself."""
    kind = "application/json"
    if body is None and operation.name in ROWS:
        body, kind = json.dumps(ROWS[operation.name](world)).encode(), "application/x-ndjson"
    response = host.send(operation.method, path, world.body(operation) if body is None else body, kind=kind)
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    told = json.loads(raw) if raw.startswith(b'{"error"') else None
    if told is not None:
        told["error"].pop("request_id")
    return response.status_code, json.dumps(told, sort_keys=True) if told else raw.decode()


def everything() -> dict[str, list[Any]]:
    """Return every row of the house, as it stands; what requests leave of themselves is left out."""
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("attise.")]
    with connection.cursor() as cursor:
        return {table: cursor.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables}


@pytest.mark.parametrize("operation", WITH_IDS, ids=str)
def test_an_id_of_nothing_of_another_kind_or_of_no_form_is_one_404(host, world, operation):
    body = world.body(operation)
    before = everything()
    for name in operation.ids:
        others = {other: id_ for other, id_ in world.ids.items() if other != name}
        answers = {
            id_: send(host, world, operation, world.path(operation, **{name: id_}), body)
            for id_ in (UNKNOWN_ID, *others.values(), *NO_IDS)
        }
        status, told = answers[UNKNOWN_ID]
        assert status == 404, (name, told)
        assert json.loads(told)["error"]["code"] == "not_found"
        for id_, answered in answers.items():
            assert answered == (status, told), (name, id_)
    assert everything() == before


@pytest.mark.parametrize("operation", [one for one in WITH_IDS if len(one.ids) > 1], ids=str)
def test_of_several_ids_none_tells_of_another(host, world, operation):
    """An object that is there, under an owner that is there, but not this owner's: as if it were nowhere."""
    every = send(host, world, operation, world.path(operation, **dict.fromkeys(operation.ids, UNKNOWN_ID)))
    assert every[0] == 404
    for place in range(1, len(operation.ids)):
        some = dict.fromkeys(operation.ids[:place], UNKNOWN_ID)
        assert send(host, world, operation, world.path(operation, **some)) == every


def named_in(schema: dict[str, Any]) -> set[str]:
    """Return the fields of a body that hold ids."""
    return {
        path[-1]
        for path, kinds in fields(schema)
        if any(ID_FORM in (kind.get("pattern"), kind.get("items", {}).get("pattern")) for kind in kinds)
    }


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_id_in_a_body_names_its_own_kind_alone(host, world, operation):
    schema = operation.body()
    if schema is None:
        return
    body = world.body(operation)
    named = named_in(schema)
    assert named <= IN_BODIES, "a new field names an object: say here what it names"
    for name in named & set(body):
        others = {id_ for other, id_ in world.ids.items() if other != OF_A_KIND.get(name, name)}
        answers = [
            send(host, world, operation, world.path(operation), {**body, name: in_place(body[name], id_)})
            for id_ in (UNKNOWN_ID, *others)
        ]
        assert answers[0][0] == 404, (name, answers[0])
        assert len(set(answers)) == 1, name


def in_place(value: Any, id_: str) -> Any:
    """Return an id as it takes the place of what a field holds: of the first, where those are several."""
    return [id_, *value[1:]] if isinstance(value, list) else id_


def test_follows_name_creators_alone(host, world):
    for id_ in (UNKNOWN_ID, world.viewer_id, world.post_id):
        response = host.post("/v1/viewers", {"follows": [id_]})
        assert response.status_code == 422
        assert response.json()["error"]["code"] == "creator_unknown"
        assert "post" not in response.json()["error"]["message"]


def test_filters_name_their_own_kind_alone(host, world):
    for path, name in (("/v1/posts", "creator_id"), ("/v1/advertisers", "bc_id")):
        answers = set()
        for id_ in {UNKNOWN_ID, *(id_ for other, id_ in world.ids.items() if other != name)}:
            response = host.get(f"{path}?{name}={id_}")
            error = response.json()["error"]
            error.pop("request_id")
            answers.add((response.status_code, json.dumps(error)))
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_without_a_live_key_every_operation_is_the_same_401_whatever_it_names(host, world, operation, means):
    view, text = make_host_key(means, name="leaver")
    revoke_host_key(means, host_key_id=view.id)
    before = everything()
    answers = set()
    for key in (text, "x", text + "A", text[:-1]):
        for ids in ({}, dict.fromkeys(operation.ids, UNKNOWN_ID), dict.fromkeys(operation.ids, "abc")):
            answers.add(send(Host(key), world, operation, world.path(operation, **ids)))
    assert len(answers) == 1
    status, told = answers.pop()
    assert status == 401
    assert json.loads(told)["error"]["code"] == "host_key_invalid"
    assert send(Host(None), world, operation, world.path(operation))[0] == 401
    assert everything() == before


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_a_method_that_is_not_there_tells_nothing_of_the_object(host, world, operation):
    here = {one.method for one in ALL if one.path == operation.path}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - here:
        there = host.send(method, world.path(operation))
        nowhere = host.send(method, world.path(operation, **dict.fromkeys(operation.ids, UNKNOWN_ID)))
        assert (there.status_code, nowhere.status_code) == (405, 405)
        assert set(there.headers["Allow"].split(", ")) == here


def test_no_operation_is_left_out():
    from attise.doors.native_api.urls import GROUPS

    declared = {(endpoint.method, endpoint.path) for group in GROUPS for endpoint in group.endpoints}
    assert {(operation.method, operation.path) for operation in ALL} == declared
    assert {name for operation in ALL for name in operation.ids} <= set(World.__annotations__), (
        "an address names a new kind of thing: put one into the small world"
    )
    bodies = [body for operation in ALL for body in (operation.body(), row_of(operation)) if body is not None]
    assert set().union(*map(named_in, bodies)) == IN_BODIES


def row_of(operation: Operation) -> dict[str, Any] | None:
    """Return the schema of a line of a bulk body."""
    body = operation.body("application/x-ndjson")
    return None if body is None else body["contentSchema"]
