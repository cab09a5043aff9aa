"""Shapes and types that several kinds of things share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from attise.doors.native_api.complaints import complain
from attise.kernel.clock import to_ms
from attise.kernel.errors import N_
from attise.kernel.ids import parse_id
from attise.kernel.limits import PAGE_LIMIT
from attise.kernel.money import LARGEST_MICROS
from attise.records.native_errors import RULE_ID

DEFAULT_LIMIT = 50
CURSOR_CHARACTERS = 100
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
ID_SCHEMA = {
    "type": "string",
    "pattern": "^[1-9][0-9]{0,18}$",
    "description": "A decimal identifier.",
    "examples": ["7507931062747136000"],
}
MOMENT_SCHEMA = {"type": "string", "format": "date-time", "examples": ["2026-11-20T08:00:00Z"]}


class Given(BaseModel):
    """What a caller sends: exact types, no unknown name."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Told(BaseModel):
    """What a caller is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _path_id(value: Any) -> int:
    # A text that is no id names nothing, exactly as an id that nothing has: both get the same 404.
    return parse_id(value) or 0


def _body_id(value: Any) -> int:
    number = parse_id(value)
    if number is None:
        raise complain(RULE_ID)
    return number


def _limit(value: Any) -> int:
    if not isinstance(value, str) or not _LIMIT.fullmatch(value) or int(value) > PAGE_LIMIT:
        raise complain(N_("a whole number from 1 to %(limit)s is expected"), limit=PAGE_LIMIT)
    return int(value)


def _moment(value: Any) -> int:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise complain(N_("a time as in RFC 3339 is expected, such as 2026-11-20T08:00:00Z"))
    try:
        return to_ms(dt.datetime.fromisoformat(value.upper()))
    except (ValueError, OverflowError):
        raise complain(N_("this time is not in the calendar")) from None


PathId = Annotated[int, BeforeValidator(_path_id), WithJsonSchema(ID_SCHEMA)]
"""An id in an address; what cannot be one becomes 0, which nothing has."""
GivenId = Annotated[int, BeforeValidator(_body_id), WithJsonSchema(ID_SCHEMA)]
"""An id in a body or a query."""
ToldId = Annotated[str, WithJsonSchema(ID_SCHEMA)]
GivenMoment = Annotated[int, BeforeValidator(_moment), WithJsonSchema(MOMENT_SCHEMA)]
"""A time, as epoch milliseconds once read."""
ToldMoment = Annotated[str, WithJsonSchema(MOMENT_SCHEMA)]
Limit = Annotated[
    int,
    BeforeValidator(_limit),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": DEFAULT_LIMIT}),
]
Cursor = Annotated[str, Field(max_length=CURSOR_CHARACTERS, description="next_cursor of the part before.")]
Micros = Annotated[int, Field(ge=0, le=LARGEST_MICROS, description="Millionths of the currency's unit.")]
Country = Annotated[str, Field(max_length=2, description="ISO 3166-1 alpha-2.", examples=["FR"])]
Language = Annotated[str, Field(max_length=5, description="ISO 639-1.", examples=["fr"])]
Currency = Annotated[str, Field(max_length=3, description="ISO 4217.", examples=["EUR"])]

Item = TypeVar("Item", bound=BaseModel)


class Listing(Told, Generic[Item]):
    """Part of a list, newest first."""

    items: list[Item]
    next_cursor: Annotated[str | None, Field(description="Give it back as cursor for the next part; null at the end.")]


class FieldError(Told):
    """One thing to correct."""

    field: str | None = None
    code: str
    message: str
    next: Annotated[str | None, Field(description="What to do about this one.")] = None


class ErrorBody(Told):
    """Why a request was refused."""

    code: Annotated[str, Field(description="Stable; programs decide on it.", examples=["field_required"])]
    message: Annotated[str, Field(description="A sentence in the language of Accept-Language, French or English.")]
    field: Annotated[str | None, Field(description="The field to correct, when it is one.")] = None
    next: Annotated[str | None, Field(description="What to do.")] = None
    request_id: Annotated[str, Field(description="Names this request in the logs of the house.")]
    errors: Annotated[list[FieldError] | None, Field(description="Everything to correct, at once.")] = None


class ErrorAnswer(Told):
    """The one shape of every refusal."""

    error: ErrorBody


class Removed(Told):
    """Something is no longer there."""

    removed: Literal[True] = True


def told_id(number: int | None) -> str | None:
    """Return an id as callers see it."""
    return None if number is None else str(number)
