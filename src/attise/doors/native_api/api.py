"""The framework, set up once to keep this door's contract; nothing else of the door speaks to it.

Out of the box it parses JSON leniently, tells errors in its own shape and answers a bare 405. Here its parser is
``strict_json``, its errors end in ``wire``, and each address is wrapped by the checks of ``gate``. What remains its
own: binding path, query and body to the types of a handler, and describing them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security.base import AuthBase

from attise import __version__
from attise.doors.native_api import gate, strict_json, wire
from attise.doors.native_api.complaints import refusals_of
from attise.doors.native_api.endpoint import Endpoint, Group
from attise.doors.native_api.errors import (
    BAD_MULTIPART,
    BODY_TOO_LARGE,
    METHOD_NOT_ALLOWED,
    Broken,
    MethodRefused,
)
from attise.doors.native_api.schemas.common import ErrorAnswer
from attise.kernel.errors import FIELD_INVALID, FIELD_UNKNOWN, N_, Refusal, Refusals
from attise.kernel.limits import BODY_BYTES, CAROUSEL_PICTURES
from attise.management.posts.errors import TOO_MANY_PICTURES

DESCRIPTION = """The API of this installation for its host.

Send `Authorization: Bearer <host key>`. Identifiers are decimal texts, amounts whole millionths (`*_micros`) with a
currency, times RFC 3339 in UTC. Lists answer `{items, next_cursor}`. A refusal has one shape, `{"error": {...}}`, with
a stable `code`, a sentence in French or English by `Accept-Language`, and what to do next. Repeat a POST with the same
`Idempotency-Key` and the same body, within a day, to get the same answer without doing it again."""


class HostKey(AuthBase):
    """How the description names the credential; the key itself was checked by ``gate`` before."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A host key of this installation."

    def __call__(self, request: HttpRequest) -> Any:
        """Return the call of a checked request."""
        return request.call


class _StrictParser(Parser):
    """Reads bodies by ``strict_json`` and remembers their digest for ``once``."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the value of a JSON body. Raises: ``bad_json``."""
        value = strict_json.parse(request.body)
        request.call.digest = lambda: hashlib.sha256(strict_json.canonical(value)).digest()
        return value


def statuses_of(endpoint: Endpoint) -> list[int]:
    """Return every status with which an operation may refuse."""
    found = {401, 422, 503, *endpoint.refuses}
    if "{" in endpoint.path:
        found.add(404)
    if endpoint.types:
        found |= {400, 413, 415}
    if endpoint.once:
        found |= {400, 409}
    return sorted(found)


def make_api(groups: list[Group]) -> NinjaAPI:
    """Return the framework's API with every operation of the groups."""
    api = NinjaAPI(
        title="Attise",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="native",
        auth=HostKey(),
        parser=_StrictParser(),
    )
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)
    for group in groups:
        router = Router(tags=[group.tag], auth=api.auth)
        for endpoint in group.endpoints:
            summary, _, rest = (endpoint.handler.__doc__ or "").strip().partition("\n")
            router.api_operation(
                [endpoint.method],
                endpoint.path,
                response={endpoint.status: endpoint.gives, **dict.fromkeys(statuses_of(endpoint), ErrorAnswer)},
                operation_id=endpoint.handler.__name__,
                summary=summary.rstrip("."),
                description=" ".join(rest.split()) or None,
                url_name=endpoint.handler.__name__,
            )(endpoint.view())
        api.add_router("", router)
    return api


def make_urls(api: NinjaAPI, groups: list[Group]) -> list[URLPattern]:
    """Return one pattern per address, wrapped by the checks that come before the framework's own."""
    by_name = {endpoint.handler.__name__: endpoint for group in groups for endpoint in group.endpoints}
    made: dict[str, URLPattern] = {}
    for pattern in api.urls[0]:
        endpoint = by_name.get(pattern.name)
        if endpoint is not None and endpoint.path not in made:
            here = {one.method: one for one in by_name.values() if one.path == endpoint.path}
            pattern.callback = _guarded(here, pattern.callback)
            made[endpoint.path] = pattern
    return list(made.values())


def _guarded(here: dict[str, Endpoint], view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view of one address behind the checks of ``gate``."""

    def dispatch(request: HttpRequest, **ids: str) -> HttpResponse:
        endpoint = here.get(request.method or "")
        try:
            if endpoint is None:
                raise MethodRefused(METHOD_NOT_ALLOWED)
            request.call = gate.open_call(request)
            gate.check_body(request, types=endpoint.types, limit=endpoint.limit, may_be_empty=endpoint.may_be_empty)
            request.call.wrong = _wrong_in_query(request, endpoint)
        except Refusal as refusal:
            response = wire.refuse(request, refusal)
            if endpoint is None:
                response.headers["Allow"] = ", ".join(sorted(here))
            return response
        return view(request, **ids)

    dispatch.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is looked at: the credential is the header
    return dispatch


def _wrong_in_query(request: HttpRequest, endpoint: Endpoint) -> list[Refusal]:
    """Return what the framework does not see: names it does not know, and names given twice."""
    found = []
    for name, values in request.GET.lists():
        if name not in endpoint.query:
            found.append(Refusal(FIELD_UNKNOWN, field=name))
        elif len(values) > 1:
            found.append(Refusal(FIELD_INVALID, field=name, rule=wire.say(N_("it is taken once"), {})))
    return found


def _on_refusal(request: HttpRequest, refused: Refusal | Refusals) -> HttpResponse:
    return wire.refuse(request, refused)


def _on_complaints(request: HttpRequest, complaints: ValidationError) -> HttpResponse:
    """Answer what the shapes refuse. Places begin with their source, and in a body with the parameter's name."""
    errors = [{**error, "loc": error["loc"][2 if error["loc"][0] == "body" else 1 :]} for error in complaints.errors]
    return wire.refuse(request, Refusals([*request.call.wrong, *refusals_of(errors)]))


def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the parser refused, which the framework wraps."""
    if isinstance(error.__cause__, Refusal):
        return wire.refuse(request, error.__cause__)
    raise error


def _on_too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return wire.refuse(request, Refusal(BODY_TOO_LARGE, limit=BODY_BYTES))


def _on_bad_parts(request: HttpRequest, _error: Exception) -> HttpResponse:
    return wire.refuse(request, Broken(BAD_MULTIPART))


def _on_too_many_files(request: HttpRequest, _error: TooManyFilesSent) -> HttpResponse:
    return wire.refuse(request, Refusal(TOO_MANY_PICTURES, field="file", limit=CAROUSEL_PICTURES))


def _on_anything_else(_request: HttpRequest, error: Exception) -> HttpResponse:
    """Leave bugs and outages to the site, which knows how to say them."""
    raise error


_HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Refusal: _on_refusal,
    Refusals: _on_refusal,
    ValidationError: _on_complaints,
    HttpError: _on_http_error,
    RequestDataTooBig: _on_too_big,
    MultiPartParserError: _on_bad_parts,
    TooManyFieldsSent: _on_bad_parts,
    TooManyFilesSent: _on_too_many_files,
    UnreadablePostError: _on_bad_parts,
    Exception: _on_anything_else,
}
