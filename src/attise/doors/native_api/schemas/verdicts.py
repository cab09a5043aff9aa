"""Shapes of verdicts: one per row, in the order of the rows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.authorizations import BoundAnswer
from attise.doors.native_api.schemas.common import FieldError, Told, ToldId


class RowError(Told):
    """Why one row was refused; the others are not concerned."""

    code: str
    message: str
    field: str | None = None
    next: str | None = None
    errors: list[FieldError] | None = None


class CodeVerdict(Told):
    """What became of one code."""

    index: Annotated[int, Field(description="The place of the code in the request, from 0.")]
    status: Literal["bound", "rejected"]
    bound: BoundAnswer | None = None
    error: RowError | None = None


class CodeVerdicts(Told):
    """What became of each code, in the order given."""

    results: list[CodeVerdict]


class BulkVerdict(Told):
    """What became of one line."""

    line: Annotated[int, Field(description="The number of the line, from 1.")]
    key: str | None = None
    status: Annotated[
        Literal["created", "changed", "bound", "exists", "rejected"],
        Field(description="`exists`: an earlier run did it, nothing was done now."),
    ]
    id: Annotated[ToldId | None, Field(description="Of the creator, viewer or post; of the post behind a code.")] = None
    authorization_id: ToldId | None = None
    error: RowError | None = None
