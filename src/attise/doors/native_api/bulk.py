"""Bulk: many lines in, one verdict per line out, in order, as each is done.

The body is taken in whole before the first line is done: a caller that sends everything before it reads anything must
not wait for one that writes. Each line is its own unit of work: what a verdict has told is done, and a body that was
cut, or is sent again, is told so line by line.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.db import InterfaceError, OperationalError
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext
from pydantic import ValidationError

from attise.doors.native_api import strict_json
from attise.doors.native_api.advertisers import guards_of
from attise.doors.native_api.bulk_form import BULK_BYTES, LINE_BYTES, NDJSON, lines_of, take_in
from attise.doors.native_api.bulk_rows import KINDS, Kind, digest
from attise.doors.native_api.complaints import refusals_of
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.errors import BODY_TOO_LARGE
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.verdicts import BulkVerdict, RowError
from attise.doors.native_api.verdicts import tell_row_error
from attise.kernel.errors import Outage, Refusal, Refusals
from attise.kernel.means import Means
from attise.management.attempts.actions import record_failure, refuse_if_too_many
from attise.management.authorizations.errors import AUTH_CODE_FORMAT_ERROR
from attise.management.idempotency.actions import Hold, Kept, Scope, give_back, keep_answer, take_key
from attise.management.outbox.actions import unit, verb

log = logging.getLogger(__name__)
group = Group("Bulk")


def _run(call: Call, name: str) -> StreamingHttpResponse:
    """Take a body in and answer its verdicts."""
    guards = guards_of(call) if name == "codes" else []
    if guards:
        refuse_if_too_many(call.means, guards)

    def failed(verdict: BulkVerdict) -> bool:
        return verdict.error is not None and verdict.error.code == AUTH_CODE_FORMAT_ERROR.code

    def once_per_job(verdicts: Iterator[BulkVerdict]) -> Iterator[bytes]:
        counted = not guards
        for verdict in verdicts:
            if not counted and failed(verdict):  # a list with many wrong codes is one guess, not many
                record_failure(call.means, guards)
                counted = True
            yield verdict.model_dump_json(exclude_none=True).encode() + b"\n"

    file = take_in(call)
    body = once_per_job(_verdicts(call, KINDS[name], file, translation.get_language()))
    response = StreamingHttpResponse(body, content_type=NDJSON)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _verdicts(call: Call, kind: Kind, file: IO[bytes], language: str | None) -> Iterator[BulkVerdict]:
    """Do line after line; each verdict is told once its line is committed."""
    with file:
        for line, raw in lines_of(file):
            with translation.override(language):
                verdict = _verdict(call, kind, line, raw)
            yield verdict


def _verdict(call: Call, kind: Kind, line: int, raw: bytes | None) -> BulkVerdict:
    """Return what became of one line, whatever became of it."""
    key: str | None = None
    try:
        value = strict_json.parse(_whole(raw))
        key = value.get("key") if isinstance(value, dict) and isinstance(value.get("key"), str) else None
        row = kind.shape.model_validate(value)
        return _once(call, kind, line, row, digest(value))
    except ValidationError as error:
        error_of_row = tell_row_error(Refusals(refusals_of(error.errors(include_url=False, include_input=False))))
    except (Refusal, Refusals) as refused:
        error_of_row = tell_row_error(refused)
    except (Outage, OperationalError, InterfaceError):
        error_of_row = RowError(
            code="unavailable",
            message=gettext("The service does not answer right now. Nothing was lost."),
            next=gettext("Try again in a moment."),
        )
    except Exception:  # a bug met by one line must not hide the verdicts of the others
        log.exception("a bulk line failed", extra={"request_id": getattr(call.request, "request_id", "")})
        error_of_row = RowError(
            code="internal_error", message=gettext("Something went wrong on our side. Nothing was half done.")
        )
    return BulkVerdict(line=line, key=key, status="rejected", error=error_of_row)


def _whole(raw: bytes | None) -> bytes:
    """Return a line that is not too long."""
    if raw is None:
        raise Refusal(BODY_TOO_LARGE, limit=LINE_BYTES)
    return raw


def _once(call: Call, kind: Kind, line: int, row: Any, body_hash: str) -> BulkVerdict:
    """Do a line, or tell what an earlier line with its key became."""
    hold: Hold | None = None
    if row.key is not None:
        scope = Scope(str(call.actor), call.request.method or "", call.request.path)
        taken = take_key(call.means, scope=scope, key=row.key, body_hash=body_hash)
        if isinstance(taken, Kept):
            earlier = BulkVerdict.model_validate_json(taken.answer)
            return earlier.model_copy(update={"line": line, "status": "exists"})
        hold = taken
    kept: list[BulkVerdict] = []

    def keep(verdict: BulkVerdict) -> None:
        if hold is not None:
            keep_answer(call.means, hold, status=200, answer=verdict.model_dump_json().encode())
        kept.append(verdict)

    try:
        if kind.own_unit:
            kind.do(call, line, row, keep)
        else:
            _in_unit(call.means, lambda: kind.do(call, line, row, keep))
    except BaseException:
        if hold is not None:
            give_back(hold)
        raise
    return kept[-1]


@verb
def _in_unit(means: Means, act: Callable[[], None]) -> None:
    """Do a line in one unit of work, as often as it loses to another."""
    with unit(means):
        act()


def _declare(name: str, said: str) -> None:
    """Declare the bulk operation of one kind of line."""

    def run(call: Call) -> StreamingHttpResponse:
        return _run(call, name)

    run.__name__ = f"bulk_{name}"
    run.__doc__ = (
        f"{said}\n\nOne JSON object per line, at most 10,000; the answer has a verdict per line, in the same order, "
        "each told once its line is done. A line that fails stops no other, and the same body may be sent again."
    )
    lines: dict[str, Any] = {"type": "string", "contentMediaType": NDJSON, "contentSchema": KINDS[name].shape}
    group.add(
        "POST",
        f"/v1/bulk/{name}",
        gives=BulkVerdict,
        refuses=(400, 429) if name == "codes" else (400,),
        types=(NDJSON,),
        limit=BULK_BYTES,
        body={NDJSON: lines},
        streams=True,
    )(run)


_SAID: dict[str, str] = {
    "creators": "Create many creators.",
    "viewers": "Declare many viewers, or change those whose external_id is known.",
    "posts": "Publish many posts whose files stay on your own server.",
    "codes": "Apply many Spark codes.",
}
for _name, _said in _SAID.items():
    _declare(_name, _said)
