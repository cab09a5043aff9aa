"""Answers: always HTTP 200, always whole: ``{"code", "message", "request_id", "data"}``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse

from attise.doors.marketing_api.wire import codes, numbers
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.means import Means

LOG_ID_HEADER = "X-Tt-Logid"
_ID_BYTES = 9


def new_request_id(means: Means) -> str:
    """Return a request's id: its second, in UTC wire time, and 18 random hexadecimal digits."""
    moment = to_datetime(means.clock.wire_ms()).astimezone(dt.UTC)
    return f"{moment:%Y%m%d%H%M%S}{means.chance.token(_ID_BYTES).hex().upper()}"


def success(request: HttpRequest, data: Any, *, top: dict[str, Any] | None = None) -> HttpResponse:
    """Return the answer of an endpoint; ``top`` is laid beside the envelope's own names, as one endpoint has it."""
    return _answer(request, codes.OK, "OK", data, top)


def failure(request: HttpRequest, code: int, message: str, data: dict[str, Any] | None = None) -> HttpResponse:
    """Return the envelope of a failure."""
    return _answer(request, code, message, data or {}, None)


def partial(request: HttpRequest, data: Any, message: str) -> HttpResponse:
    """Return the answer of what was done in part; ``data`` says what was not, and why."""
    return _answer(request, codes.PARTIAL, message, data, None)


def refusal(request: HttpRequest, problem: Refusal | Refusals) -> HttpResponse:
    """Return the envelope of what was refused."""
    code, message, data = codes.told(problem)
    return failure(request, code, message, data)


def file(request: HttpRequest, path: Path, name: str, content_type: str) -> FileResponse:
    """Return a file as it is, piece by piece."""
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response.headers[LOG_ID_HEADER] = getattr(request, "request_id", "")
    return response


def _answer(request: HttpRequest, code: int, message: str, data: Any, top: dict[str, Any] | None) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    body = {"code": code, "message": message, "request_id": request_id, "data": data, **(top or {})}
    return HttpResponse(numbers.encode(body), content_type="application/json", headers={LOG_ID_HEADER: request_id})
