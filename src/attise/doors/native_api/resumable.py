"""Videos sent piece by piece, by tus 1.0, for hosts: who may, and what the description says of it.

What is made of an upload is said with its id: ``upload_id`` of `POST /v1/posts` and of `POST /v1/unpublished`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from attise.doors.native_api import wire
from attise.doors.native_api.gate import open_call
from attise.doors.native_api.schemas.common import ID_SCHEMA
from attise.doors.site import tus
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.kernel.limits import VIDEO_BYTES

TAG = "Uploads"
ALL, ONE = "/v1/uploads", "/v1/uploads/{upload_id}"


def uploads(request: HttpRequest, upload_id: str | None = None) -> HttpResponse:
    """Answer a host; what cannot be an id names nothing."""
    if request.method == "OPTIONS":  # nobody is asked for what the protocol can do
        return tus.speak(request, _sender(request, with_call=False), None)
    try:
        sender = _sender(request)
    except Refusal as refusal:
        return wire.refuse(request, refusal)
    return tus.speak(request, sender, None if upload_id is None else parse_id(upload_id) or 0)


uploads.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is looked at: the credential is the header


def _sender(request: HttpRequest, *, with_call: bool = True) -> tus.Sender:
    from django.conf import settings

    from attise.doors.site.means import means

    if not with_call:
        return tus.Sender(means(), settings.HOUSE, None, str)
    call = open_call(request)
    return tus.Sender(call.means, call.house, None, lambda found: call.absolute(ONE.format(upload_id=found)))


URLS: list[URLPattern] = [path(ALL[1:], uploads), path("v1/uploads/<str:upload_id>", uploads)]


def describe() -> dict[str, Any]:
    """Return what the description says of these addresses, which are not of its one way of asking and answering."""
    return {
        ALL: {"post": _begin(), "options": _options("uploads_can")},
        ONE: {
            "parameters": [{"name": "upload_id", "in": "path", "required": True, "schema": ID_SCHEMA}],
            "head": _told("get_upload", "Ask how much was received", {"200": _answer(length=True)}),
            "patch": _patch(),
            "delete": _told("drop_upload", "Let go of an upload", {"204": {"description": "Gone"}}),
            "options": _options("upload_can"),
        },
    }


def _header(name: str, kind: dict[str, Any], said: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": said, "schema": kind}


_WHOLE = {"type": "integer", "minimum": 0}
_SPOKEN = _header("Tus-Resumable", {"type": "string", "const": tus.VERSION}, "The version of tus that is spoken.")


def _answer(*, location: bool = False, length: bool = False) -> dict[str, Any]:
    headers: dict[str, Any] = {
        "Upload-Offset": {"schema": _WHOLE, "description": "Bytes that were received, and that nothing loses."},
        "Upload-Expires": {
            "schema": {"type": "string"},
            "description": "When it is let go of if nothing is made of it.",
        },
    }
    if location:
        headers["Location"] = {"schema": {"type": "string"}, "description": "The upload; its id is at the end."}
    if length:
        headers["Upload-Length"] = {"schema": _WHOLE, "description": "As announced."}
    return {"description": "How far it is", "headers": headers}


def _told(
    name: str, summary: str, good: dict[str, Any], *, more: list[Any] | None = None, refuses: tuple[int, ...] = ()
) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    return {
        "operationId": name,
        "summary": summary,
        "tags": [TAG],
        "security": [{"HostKey": []}],
        "parameters": [_SPOKEN, *(more or [])],
        "responses": {
            **good,
            **{str(one): {"description": "Refused", "content": error} for one in (401, 404, 412, *refuses, 503)},
        },
    }


def _begin() -> dict[str, Any]:
    size = _header("Upload-Length", {**_WHOLE, "minimum": 1, "maximum": VIDEO_BYTES}, "The size of the file in bytes.")
    whose = _header("Upload-Metadata", {"type": "string"}, "`creator_id` and, after a space, the id in base64.")
    told = _told(
        "begin_upload", "Begin an upload", {"201": _answer(location=True)}, more=[size, whose], refuses=(413, 422)
    )
    told["description"] = (
        "For a video that comes over a network that breaks: any client of tus 1.0 sends it, with this address and the"
        " host key. Name it then by `upload_id` in `POST /v1/posts` or `POST /v1/unpublished`. Five of a creator are"
        " kept at a time, the oldest gives way; each for a day."
    )
    return told


def _patch() -> dict[str, Any]:
    offset = _header("Upload-Offset", _WHOLE, "Where these bytes begin: what was received so far.")
    told = _told("send_piece", "Send more of it", {"204": _answer()}, more=[offset], refuses=(409, 413, 415, 422, 423))
    told["description"] = (
        "409: ask by HEAD how much was received. 423: another piece is being received; ask in a moment."
    )
    told["requestBody"] = {"required": True, "content": {tus.BYTES: {"schema": {"type": "string", "format": "binary"}}}}
    return told


def _options(name: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": "What of tus is spoken",
        "tags": [TAG],
        "security": [],
        "responses": {"204": {"description": "In headers: Tus-Version, Tus-Extension, Tus-Max-Size"}},
    }
