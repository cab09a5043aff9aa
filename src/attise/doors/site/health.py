"""Whether the site can answer; asked by the edge over the socket."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from attise.doors.site.schema import count_missing
from attise.management.outbox import queries as outbox

_is_current = False
"""Whether the schema was found in place; it does not go back while a process runs."""


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and its schema is in place."""
    global _is_current  # noqa: PLW0603 - one process, one schema
    if not _is_current:
        missing = count_missing()
        if missing:
            return JsonResponse({"ok": False, "pending_migrations": missing}, status=503)
        _is_current = True
    return JsonResponse({"ok": True, "version": outbox.get_version()})
