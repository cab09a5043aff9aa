"""The description of the API is whole, true, and says nothing of where it was made."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, get_resolver

from attise.doors.edge.events.calls import PATHS as EVENT_PATHS
from attise.doors.edge.feed.calls import PATHS
from attise.doors.native_api.urls import urlpatterns
from tests.doors.native_api.specimens import (
    BODIES,
    OF_THE_EDGE,
    ROWS,
    described,
    everything,
    of_the_edge,
    operations,
    resolve,
)

pytestmark = pytest.mark.django_db
HTTP = {"get", "post", "put", "patch", "delete", "head", "options"}


def test_it_is_openapi_3_1_and_needs_no_credential(stranger):
    response = stranger.get("/v1/openapi.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == described()
    assert described()["openapi"].startswith("3.1.")
    assert described()["components"]["securitySchemes"]["HostKey"]["scheme"] == "bearer"


def test_every_address_is_described_and_every_description_is_there():
    served = {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        for pattern in urlpatterns
        if str(pattern.pattern) != "v1/openapi.json"
    }
    assert served == set(described()["paths"]) - OF_THE_EDGE
    for operation in operations():
        path = re.sub(r"\{\w+\}", "5", operation.path)
        assert get_resolver().resolve(path), operation


def test_operations_have_names_of_their_own_a_summary_a_tag_and_a_credential():
    names = [operation.name for operation in everything()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in described()["tags"]}
    for operation in everything():
        assert operation.said["summary"], operation
        assert set(operation.said["tags"]) <= tags
        tickets = [{"Ticket": []}] if operation in of_the_edge() else []
        assert operation.said["security"] == [{"HostKey": []}, *tickets]


def test_what_the_edge_answers_is_described_and_has_no_address_in_the_site():
    assert {operation.path for operation in of_the_edge()} == OF_THE_EDGE == PATHS | EVENT_PATHS
    for operation in of_the_edge():
        with pytest.raises(Resolver404):
            get_resolver().resolve(operation.path)


def test_every_operation_says_how_it_refuses():
    error = {"$ref": "#/components/schemas/ErrorAnswer"}
    for operation in everything():
        answers = operation.said["responses"]
        good = [status for status in answers if status.startswith("2")]
        assert len(good) == 1, operation
        assert answers[good[0]]["content"], operation
        assert {"401", "422", "503"} <= set(answers)
        for status, answer in answers.items():
            if status not in good:
                assert answer["content"]["application/json"]["schema"] == error, (operation, status)
        assert ("404" in answers) >= bool(operation.ids), operation
        if operation.said.get("requestBody"):
            assert {"400", "413", "415"} <= set(answers), operation
        if "429" in answers:
            assert "Retry-After" in answers["429"]["headers"]


def test_ids_are_texts_of_digits_and_the_key_is_on_every_post_that_makes_something():
    for operation in operations():
        for parameter in operation.said["parameters"]:
            if parameter["in"] == "path":
                assert parameter["schema"]["type"] == "string", operation
                assert parameter["schema"]["pattern"] == "^[1-9][0-9]{0,18}$"
                assert parameter["required"]
        keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.said["parameters"])
        no_key = operation.path.startswith(("/v1/bulk/", "/sandbox/")) or operation.path.endswith("/preview")
        assert keyed == (operation.method == "POST" and not no_key), operation


def test_ids_times_and_amounts_are_told_in_one_way():
    for name, schema in described()["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            kinds = {part.get("type") for part in told.get("anyOf", [told])} - {"null"}
            if field.endswith(("_id", "ticket")) and "$ref" not in told:
                assert kinds == {"string"}, (name, field)
            if field.endswith("_at") or field in {"now", "since"}:
                assert {part.get("format") for part in told.get("anyOf", [told])} - {None} == {"date-time"}, (
                    name,
                    field,
                )
            if field.endswith(("_micros", "_ppm", "_ms", "_bytes")):
                assert kinds == {"integer"}, (name, field)
            assert not field.endswith(("_s", "_price_micros")) or field == "advance_s"


def test_bodies_take_nothing_unknown_and_answers_tell_nothing_undescribed():
    for name, schema in described()["components"]["schemas"].items():
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name


def test_every_reference_leads_somewhere_and_everything_is_used():
    def references(part):
        if isinstance(part, dict):
            for name, value in part.items():
                if name == "$ref":
                    yield value
                else:
                    yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    names = {reference.removeprefix("#/components/schemas/") for reference in references(described())}
    assert names == set(described()["components"]["schemas"])


def test_main_bodies_have_examples_that_are_taken(host, means):
    from tests.doors.native_api.specimens import a_world

    world = a_world(host, means)
    tried = 0
    for operation in operations():
        schema = operation.body()
        for example in (schema or {}).get("examples", []):
            body = {
                name: world.ids.get(name, value) if name.endswith("_id") else value for name, value in example.items()
            }
            if operation.name == "publish_post":
                continue  # its address is an example too
            response = host.send(operation.method, world.path(operation), body)
            assert response.status_code in {200, 201, 404} if "sandbox" in operation.path else {200, 201}, operation
            tried += 1
    assert tried >= 8


def test_the_specimens_of_other_tests_know_every_body():
    for operation in operations():
        if operation.body() is not None:
            assert operation.name in BODIES, operation
        if operation.body("application/x-ndjson") is not None:
            assert operation.name in ROWS, operation
            assert resolve(operation.body("application/x-ndjson")["contentSchema"])["type"] == "object"


def test_it_names_no_host_and_no_machine():
    text = str(described())
    addresses = set(re.findall(r"https?://[^\s'\"\\)]+", text))
    assert {address for address in addresses if "example" not in address} == set()
    for word in ("127.0.0.1", "localhost", "/work", "/tmp", "pypi", "github"):
        assert word not in text
    assert "servers" not in described()
    assert set(described()["paths"]["/v1/posts"]) <= HTTP
