"""How each door says that something failed, in its own shape: dialect, native or page."""

from __future__ import annotations

import errno
import json
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from attise.kernel.errors import Outage

log = logging.getLogger("attise.site")

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


def is_outage(error: BaseException | None) -> bool:
    """Tell whether an error is trouble of the house's own that passes: its database, its disk, its descriptors."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return isinstance(error, OperationalError | InterfaceError | Outage)


def is_dialect(request: HttpRequest) -> bool:
    """Tell whether the request came through the dialect."""
    return request.path_info.lstrip("/").startswith("open_api")


def is_native(request: HttpRequest) -> bool:
    """Tell whether the request came through the native API."""
    return request.path_info.startswith(("/v1/", "/sandbox/v1/"))


def native_error(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    next_step: str = "",
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
) -> HttpResponse:
    """Return the one error shape of the native API."""
    body: dict[str, object] = {"code": code, "message": message, "request_id": getattr(request, "request_id", "")}
    if field is not None:
        body["field"] = field
    if next_step:
        body["next"] = next_step
    if errors:
        body["errors"] = errors
    return JsonResponse({"error": body}, status=status)


def dialect_error(request: HttpRequest, code: int, message: str) -> HttpResponse:
    """Return the dialect's envelope of a failure; its HTTP status is always 200."""
    request_id = getattr(request, "request_id", "")
    body = {"code": code, "message": message, "request_id": request_id, "data": {}}
    return HttpResponse(json.dumps(body), content_type="application/json")


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that the house cannot answer now and nothing was half done."""
    log.warning("outage: %s", type(error).__name__, extra={"request_id": getattr(request, "request_id", "")})
    retry = error.retry_after_s if isinstance(error, Outage) else 1
    message = _("The service does not answer right now. Nothing was lost.")
    if is_dialect(request):
        return dialect_error(request, 50002, message)
    if is_native(request):
        response = native_error(request, 503, "unavailable", message, next_step=_("Try again in a moment."))
    else:
        response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = str(retry)
    return response


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that a form was not sent from this site."""
    return render(request, "403.html", {"csrf": True}, status=403)


def _failure(request: HttpRequest, status: int, code: str, message: str, dialect_code: int) -> HttpResponse:
    if is_dialect(request):
        return dialect_error(request, dialect_code, message)
    if is_native(request):
        return native_error(request, status, code, message)
    return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """400: the request itself is broken."""
    return _failure(request, 400, "bad_request", _("This request cannot be read."), 40002)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403: known, but not allowed."""
    return _failure(request, 403, "forbidden", _("You may not do this."), 40001)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404: no such address."""
    return _failure(request, 404, "not_found", _("There is nothing at this address."), 40400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug, with the reference that the logs carry. Or an outage that struck outside of any view: 503."""
    error = sys.exc_info()[1]  # the one that Django is handling, which it does not hand over
    if isinstance(error, Exception) and is_outage(error):
        return unavailable(request, error)
    return _failure(
        request, 500, "internal_error", _("Something went wrong on our side. Nothing was half done."), 50000
    )
