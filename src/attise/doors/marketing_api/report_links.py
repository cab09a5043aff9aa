"""Links to written reports: whoever has one may take the file until it ends, without a token, as the dialect has it.

``/rapports/fichiers/<expiry>.<signature>/<task>``: the signature binds the report and the end. What is no such link,
one that has ended and a file that is gone are one 404.
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from attise.doors.site.means import means
from attise.doors.site.report_files import CSV, XLSX
from attise.doors.site.sheets.forms import FORMS, INTERNATIONAL, WORKBOOK
from attise.kernel.ids import parse_id
from attise.kernel.seal import Signer, decode, encode
from attise.kernel.secrets import Secrets
from attise.measurement.reports.actions import tasks as actions
from attise.measurement.reports.tasks import TaskView, find_task

PREFIX: Final = "/rapports/fichiers/"
PURPOSE: Final = "report-file"
CONTENT_TYPES: Final = {CSV: FORMS[INTERNATIONAL].content_type, XLSX: FORMS[WORKBOOK].content_type}
_LINK: Final = re.compile(r"(?P<expiry>[0-9]{13,14})\.(?P<signature>[A-Za-z0-9_-]{22})/(?P<task>[1-9][0-9]{0,18})")
_NOT_IN_NAMES: Final = re.compile("[\x00-\x1f\x7f/\\\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""What leads elsewhere, and what turns the direction in which a name is read."""


class ReportLinks:
    """Makes and opens links under the house's key."""

    def __init__(self, secrets: Secrets) -> None:
        """Use the key of their own purpose."""
        self._signer = Signer(secrets.key(PURPOSE))

    def make(self, task_id: int, *, expires_ms: int) -> str:
        """Return the path of a report until a moment (wire time)."""
        return f"{PREFIX}{expires_ms}.{encode(self._signer.sign(_payload(task_id, expires_ms)))}/{task_id}"

    def open(self, text: str, *, now_ms: int) -> int | None:
        """Return the report of what follows ``PREFIX``; None where it is not ours, changed, or past its end."""
        found = _LINK.fullmatch(text)
        task_id = None if found is None else parse_id(found["task"])
        if found is None or task_id is None:
            return None
        expires_ms, signature = int(found["expiry"]), decode(found["signature"])
        if signature is None or not self._signer.holds(_payload(task_id, expires_ms), signature):
            return None
        return task_id if now_ms < expires_ms else None


def report_file(request: HttpRequest, link: str) -> HttpResponseBase:
    """Give the file of a link, piece by piece."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    of = means()
    task_id = ReportLinks(of.secrets).open(link, now_ms=of.clock.wire_ms())
    task = None if task_id is None else find_task(task_id)
    path = None if task is None else actions.path_of(settings.HOUSE, task.id)
    if task is None or path is None or task.form not in CONTENT_TYPES or not path.is_file():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file_name_of(task), content_type=CONTENT_TYPES[task.form]
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def file_name_of(task: TaskView) -> str:
    """Return what a report is called where it is saved: never a place elsewhere, nor another kind than it is."""
    name = _NOT_IN_NAMES.sub("-", task.file_name).lstrip(". ")
    return f"{name or task.id}.{XLSX if task.form == XLSX else CSV}"


def _payload(task_id: int, expires_ms: int) -> bytes:
    return f"{task_id}/{expires_ms}".encode()
