"""The description of the API, OpenAPI 3.1, made from the operations themselves and served as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ninja import NinjaAPI
from pydantic import BaseModel

from attise.doors.native_api.bulk_form import NDJSON
from attise.doors.native_api.endpoint import Endpoint, Group
from attise.doors.native_api.once import HEADER
from attise.doors.native_api.wire import JSON
from attise.kernel.limits import IDEMPOTENCY_KEY_CHARACTERS

_TICKET = "Ticket"
_REFS = "#/components/schemas/{model}"
_KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A random text; the same request with the same key is answered again, not done again, for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_CHARACTERS, "pattern": "^[!-~]+$"},
    "example": "0d9f3c2e-6b1a-4f60-9a64-2f6f0f7f8c11",
}
_SECONDS = {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait before asking again."}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    409: {"Retry-After": {**_SECONDS, "description": "Given when another request is still running."}},
    429: {"Retry-After": _SECONDS},
    503: {"Retry-After": _SECONDS},
}


def describe(api: NinjaAPI, groups: list[Group], *, of_viewers: Sequence[Group] = ()) -> dict[str, Any]:
    """Return the whole document, as plain JSON values; a viewer's ticket opens the operations ``of_viewers`` too."""
    made = api.get_openapi_schema(path_prefix="")
    schemas: dict[str, Any] = made["components"]["schemas"]
    for group in groups:
        for endpoint in group.endpoints:
            operation = made["paths"][endpoint.path][endpoint.method.lower()]
            operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
            _describe_headers(operation, endpoint)
            if group in of_viewers:
                operation["security"] = [*operation["security"], {_TICKET: []}]
            if endpoint.body is not None:
                content = {kind: {"schema": _inline(what, schemas)} for kind, what in endpoint.body.items()}
                operation["requestBody"] = {"required": not endpoint.may_be_empty, "content": content}
            if endpoint.streams:
                said = operation["responses"][str(endpoint.status)]
                row = said["content"].pop(JSON)["schema"]
                said["content"] = {
                    NDJSON: {"schema": {"type": "string", "contentMediaType": NDJSON, "contentSchema": row}}
                }
            if endpoint.files:
                file = {"schema": {"type": "string", "format": "binary"}}
                operation["responses"][str(endpoint.status)]["content"] = dict.fromkeys(endpoint.files, file)
    if of_viewers:
        made["components"]["securitySchemes"][_TICKET] = {
            "type": "http",
            "scheme": "bearer",
            "description": "A viewer's ticket, for that viewer alone.",
        }
    return {
        "openapi": made["openapi"],
        "info": {**made["info"], "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": dict(sorted(made["paths"].items())),
        "components": {**made["components"], "schemas": dict(sorted(schemas.items()))},
        "security": [{"HostKey": []}],
        "tags": [{"name": group.tag} for group in groups],
    }


def _describe_headers(operation: dict[str, Any], endpoint: Endpoint) -> None:
    """Add the headers that requests may carry and answers do."""
    for status, headers in _HEADERS.items():
        if str(status) in operation["responses"]:
            operation["responses"][str(status)]["headers"] = headers
    if endpoint.once:
        operation["parameters"] = [*operation["parameters"], _KEY_PARAMETER]
        operation["responses"][str(endpoint.status)]["headers"] = {
            "Idempotency-Replayed": {
                "schema": {"const": "true"},
                "description": "Given when this is the answer of an earlier request with the same key.",
            }
        }


def _inline(what: Any, schemas: dict[str, Any]) -> Any:
    """Return the schema of a body: models by reference, with all they hold; anything else as it stands."""
    if isinstance(what, type) and issubclass(what, BaseModel):
        schema = what.model_json_schema(ref_template=_REFS)
        schemas.update(schema.pop("$defs", {}))
        schemas[what.__name__] = schema
        return {"$ref": _REFS.format(model=what.__name__)}
    if isinstance(what, dict):
        return {name: _inline(part, schemas) for name, part in what.items()}
    return what
