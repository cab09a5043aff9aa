"""Batches: one verdict per row; a row that fails leaves the others alone."""

from __future__ import annotations

from attise.doors.native_api import wire
from attise.doors.native_api.schemas.common import FieldError
from attise.doors.native_api.schemas.verdicts import RowError
from attise.kernel.errors import Kind, Refusal, Refusals


def tell_row_error(refused: Refusal | Refusals) -> RowError:
    """Return why a row was refused, as ``wire.refuse`` tells it of a request."""
    items = refused.items if isinstance(refused, Refusals) else (refused,)
    first = next((item for item in items if item.reason.kind is Kind.ABSENT), items[0])
    return RowError(
        code=first.code,
        message=wire.say(first.reason.message, first.params),
        field=wire.field_of(first),
        next=wire.say(first.next_step, first.params) or None,
        errors=[FieldError(**wire.tell_refusal(item)) for item in items] if len(items) > 1 else None,
    )
