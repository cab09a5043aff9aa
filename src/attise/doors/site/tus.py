"""The tus 1.0 protocol, for videos that are sent piece by piece over networks that break.

Its core is spoken, with ``creation``, ``termination`` and ``expiration``. A door says who sends and where its uploads
are; the rest is the same for all. Answers speak in headers, as the protocol has it, and refusals in the shape of the
native API, which programs read on pages too.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import http_date
from django.utils.translation import gettext

from attise.doors.site.failures import native_error
from attise.kernel.errors import N_, Kind, Reason, Refusal
from attise.kernel.house import House
from attise.kernel.ids import parse_id
from attise.kernel.limits import KIB, VIDEO_BYTES
from attise.kernel.means import Means
from attise.management.posts import actions
from attise.management.posts.errors import UPLOAD_BUSY, UPLOAD_SIZE, UPLOAD_TOO_LARGE
from attise.management.posts.views import UploadView
from attise.records.native_errors import BODY_TYPE, METHOD_NOT_ALLOWED, MethodRefused, status_of

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,termination"
BYTES: Final = "application/offset+octet-stream"
ON_ALL = ("OPTIONS", "POST")
"""What the address of all uploads takes, beside ``X-HTTP-Method-Override``."""
ON_ONE = ("DELETE", "HEAD", "OPTIONS", "PATCH")
CREATOR = "creator_id"
"""The name in ``Upload-Metadata`` by which a host says whose video it is."""

TUS_VERSION = Reason(
    "tus_version",
    N_("Uploads are spoken of in version %(version)s of tus, and that was not asked for."),
    N_("Send the header Tus-Resumable with that version."),
    Kind.CONFLICT,
)
HEADER_FORM = Reason(
    "upload_header_form",
    N_("This header is missing or cannot be read: %(rule)s"),
    N_("Correct the header and send again."),
)
_RULE_NUMBER = N_("a whole number of bytes is expected")
_RULE_METADATA = N_("names with their values in base64 are expected, one creator_id among them")
_NUMBER = re.compile(r"[0-9]{1,15}")
_PART_BYTES = 64 * KIB
_STATUSES = {TUS_VERSION.code: 412, UPLOAD_BUSY.code: 423, UPLOAD_SIZE.code: 413, UPLOAD_TOO_LARGE.code: 413}
"""Where the protocol asks for another status than that of the kind."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and where."""

    means: Means
    house: House
    creator_id: int | None
    """None: a host, which names the creator when it begins and reaches the uploads of all."""
    address: Callable[[int], str]
    """Where an upload is, by its id."""
    advertiser_id: int | None = None
    """An advertiser, for its ads; then ``creator_id`` is None too."""


def speak(request: HttpRequest, sender: Sender, upload_id: int | None) -> HttpResponse:
    """Answer one request about all uploads (``upload_id`` None) or about one.

    Raises: Outage; OSError of a full disk.
    """
    try:
        response = _answer(request, sender, upload_id)
    except Refusal as refusal:
        response = refuse(request, refusal)
        if isinstance(refusal, MethodRefused):
            response.headers["Allow"] = ", ".join(ON_ALL if upload_id is None else ON_ONE)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the answer to a refused request."""
    response = native_error(
        request,
        _STATUSES.get(refusal.code, status_of(refusal)),
        refusal.code,
        _said(refusal.reason.message, refusal.params),
        next_step=_said(refusal.next_step, refusal.params),
        field=refusal.field,
    )
    if refusal.code == TUS_VERSION.code:
        response.headers["Tus-Version"] = VERSION
    return response


def _answer(request: HttpRequest, sender: Sender, upload_id: int | None) -> HttpResponse:
    """Do what was asked. Raises: Refusal."""
    method = request.headers.get("X-HTTP-Method-Override") or request.method
    if method == "OPTIONS":
        can = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(VIDEO_BYTES)}
        return HttpResponse(status=204, headers=can)
    if method not in (ON_ALL if upload_id is None else ON_ONE):
        raise MethodRefused(METHOD_NOT_ALLOWED)
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refusal(TUS_VERSION, field="Tus-Resumable", version=VERSION)
    if upload_id is None:
        return _begin(request, sender)
    owner_id = sender.creator_id if sender.advertiser_id is None else sender.advertiser_id
    of: dict[str, Any] = {"owner_id": owner_id, "upload_id": upload_id}
    if method == "HEAD":
        view = actions.get_upload(sender.house, **of)
        return HttpResponse(status=200, headers={**_headers(view), "Upload-Length": str(view.size_bytes)})
    if method == "DELETE":
        actions.drop_upload(sender.means, house=sender.house, **of)
        return HttpResponse(status=204)
    return _receive(request, sender, of)


def _begin(request: HttpRequest, sender: Sender) -> HttpResponse:
    size_bytes = _number(request, "Upload-Length")
    owner: dict[str, int] = {}
    if sender.advertiser_id is not None:
        owner["advertiser_id"] = sender.advertiser_id
    else:
        owner["creator_id"] = sender.creator_id if sender.creator_id is not None else _creator_of(request)
    try:
        view = actions.begin_upload(sender.means, house=sender.house, size_bytes=size_bytes, **owner)
    except Refusal as refusal:
        raise refusal.at("Upload-Length" if refusal.code == UPLOAD_SIZE.code else "Upload-Metadata") from refusal
    return HttpResponse(status=201, headers={**_headers(view), "Location": sender.address(view.id)})


def _receive(request: HttpRequest, sender: Sender, of: Mapping[str, Any]) -> HttpResponse:
    if request.content_type != BYTES:
        raise Refusal(BODY_TYPE, types=BYTES)
    offset_bytes = _number(request, "Upload-Offset")
    view = actions.receive(sender.house, offset_bytes=offset_bytes, parts=_parts(request), **of)
    return HttpResponse(status=204, headers=_headers(view))


def _parts(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it comes; one that is cut ends early, and what came of it counts."""
    try:
        while part := request.read(_PART_BYTES):
            yield part
    except UnreadablePostError:
        return


def _headers(view: UploadView) -> dict[str, str]:
    return {"Upload-Offset": str(view.received_bytes), "Upload-Expires": http_date(view.kept_until_ms // 1_000)}


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise Refusal(HEADER_FORM, field=name, rule=_RULE_NUMBER)
    return int(text)


def _creator_of(request: HttpRequest) -> int:
    """Return the creator that a host names. Raises: ``upload_header_form``."""
    try:
        pairs = (pair.split() for pair in request.headers.get("Upload-Metadata", "").split(","))
        given = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}  # noqa: PLR2004 - what else it says is not read
        found = parse_id(base64.b64decode(given[CREATOR], validate=True).decode())
    except (KeyError, ValueError, binascii.Error) as error:
        raise Refusal(HEADER_FORM, field="Upload-Metadata", rule=_RULE_METADATA) from error
    if found is None:
        raise Refusal(HEADER_FORM, field="Upload-Metadata", rule=_RULE_METADATA)
    return found


def _said(text: str, params: Mapping[str, Any]) -> str:
    values = {name: gettext(value) if isinstance(value, str) and value else value for name, value in params.items()}
    return gettext(text) % values if values else gettext(text)
