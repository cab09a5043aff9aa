"""Shapes of papers: statements of local days, invoices and corrective invoices."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from attise.doors.native_api.complaints import complain
from attise.doors.native_api.schemas.common import Given, Micros, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_
from attise.management.invoices.statements import GrantStatement, Statement
from attise.management.invoices.views import InvoiceView, IssuerView

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> dt.date:
    if isinstance(value, str) and _DAY.fullmatch(value):  # not 2026-W45-1, which is a day to Python too
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise complain(N_("a day is expected, such as 2026-11-01"))


GivenDay = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-01"]})
]
ToldDay = Annotated[str, Field(examples=["2026-11-01"])]
Signed = Annotated[int, Field(description="Millionths of the currency's unit; may be negative.")]


class StatementDayAnswer(Told):
    """One local day on which something happened."""

    day: ToldDay
    hours: Annotated[int, Field(description="23, 24 or 25.")]
    events: int
    amount_micros: Annotated[int, Field(description="What events cost an advertiser, or brought a creator.")]
    given_back_micros: Signed


class StatementMovement(Told):
    """A movement that no event made."""

    transaction_id: ToldId
    kind: str
    amount_micros: Signed
    reference: str
    at: ToldMoment


class StatementAnswer(Told):
    """Somebody's money over local days: opening, what happened, closing, to the micro."""

    currency: str
    timezone: str
    first: ToldDay
    last: ToldDay
    opening_micros: Signed
    days: list[StatementDayAnswer]
    movements: list[StatementMovement]
    closing_micros: Signed


class GrantDayAnswer(Told):
    """What a grant cost one advertiser on one local day, and what of it its creator had."""

    day: ToldDay
    advertiser_id: ToldId
    events: int
    spent_micros: Signed
    creator_micros: Signed


class GrantStatementAnswer(Told):
    """A grant over local days."""

    authorization_id: ToldId
    currency: str
    timezone: str
    first: ToldDay
    last: ToldDay
    days: list[GrantDayAnswer]
    spent_micros: Signed
    creator_micros: Signed


class Issuer(Given):
    """Who invoices: stated once, kept by each paper as it was on its day."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Maison Vidéo SAS", "address": "1 rue des Prés\n75001 Paris"}]}
    )
    name: Annotated[str, Field(max_length=200)]
    address: Annotated[str, Field(max_length=500)]
    registration: Annotated[str, Field(max_length=200, description="Registration and tax numbers.")] = ""
    mention: Annotated[str, Field(max_length=500, description="What the law wants said; no tax is kept here.")] = ""


class IssuerAnswer(Told):
    """Who invoices."""

    name: str
    address: str
    registration: str
    mention: str
    stated_at: ToldMoment


class InvoiceMonth(Given):
    """A month of an advertiser, in its own zone."""

    model_config = ConfigDict(json_schema_extra={"example": {"period": "2026-10"}})
    period: Annotated[str, Field(max_length=7, examples=["2026-10"])]


class InvoiceLine(Told):
    """One amount of a paper."""

    kind: Literal["campaign", "fee", "other"]
    name: str
    reference: str
    events: int
    amount_micros: Micros
    is_late: Annotated[bool, Field(description="Of days before the month, settled after their own paper.")]


class InvoiceAnswer(Told):
    """An invoice, or a corrective one of what was given back, as it was issued; it never changes."""

    invoice_id: ToldId
    advertiser_id: ToldId
    kind: Literal["invoice", "credit_note"]
    number: str
    period: str
    timezone: str
    currency: str
    issued_at: ToldMoment
    lines: list[InvoiceLine]
    total_micros: Annotated[int, Field(description="The exact sum of the ledger.")]
    rounded_micros: Annotated[int, Field(description="Rounded once to what can be paid, halves away from zero.")]
    refers_to: list[str]


class Invoices(Told):
    """The papers of one month."""

    items: list[InvoiceAnswer]


def tell_statement(told: Statement) -> StatementAnswer:
    """Return a statement as callers see it."""
    return StatementAnswer(
        currency=told.currency,
        timezone=told.timezone,
        first=told.first.isoformat(),
        last=told.last.isoformat(),
        opening_micros=told.opening_micros,
        days=[
            StatementDayAnswer(
                day=one.day.isoformat(),
                hours=one.hours,
                events=one.events,
                amount_micros=one.moved_micros,
                given_back_micros=one.given_back_micros,
            )
            for one in told.days
        ],
        movements=[
            StatementMovement(
                transaction_id=str(one.transfer_id),
                kind=one.reason,
                amount_micros=one.amount_micros,
                reference=one.memo,
                at=rfc3339(one.at_ms),
            )
            for one in told.movements
        ],
        closing_micros=told.closing_micros,
    )


def tell_grant_statement(told: GrantStatement) -> GrantStatementAnswer:
    """Return the statement of a grant as callers see it."""
    return GrantStatementAnswer(
        authorization_id=str(told.authorization_id),
        currency=told.currency,
        timezone=told.timezone,
        first=told.first.isoformat(),
        last=told.last.isoformat(),
        days=[
            GrantDayAnswer(
                day=one.day.isoformat(),
                advertiser_id=str(one.advertiser_id),
                events=one.events,
                spent_micros=one.spent_micros,
                creator_micros=one.creator_micros,
            )
            for one in told.days
        ],
        spent_micros=told.spent_micros,
        creator_micros=told.creator_micros,
    )


def tell_issuer(view: IssuerView) -> IssuerAnswer:
    """Return who invoices as callers see it."""
    return IssuerAnswer(
        name=view.name,
        address=view.address,
        registration=view.registration,
        mention=view.mention,
        stated_at=rfc3339(view.stated_at_ms),
    )


def tell_invoice(view: InvoiceView) -> InvoiceAnswer:
    """Return a paper as callers see it."""
    return InvoiceAnswer(
        invoice_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        kind=view.kind,
        number=view.number,
        period=view.period,
        timezone=view.body.timezone,
        currency=view.currency,
        issued_at=rfc3339(view.issued_at_ms),
        lines=[
            InvoiceLine(
                kind=line.kind,
                name=line.name,
                reference=line.reference,
                events=line.count,
                amount_micros=line.amount_micros,
                is_late=line.is_late,
            )
            for line in view.body.lines
        ],
        total_micros=view.total_micros,
        rounded_micros=view.body.rounded_micros,
        refers_to=list(view.body.refers_to),
    )
