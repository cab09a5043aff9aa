"""Papers on money: statements of advertisers, creators and grants over local days, and monthly invoices."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Currency, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.papers import (
    GivenDay,
    GrantStatementAnswer,
    InvoiceAnswer,
    InvoiceMonth,
    Invoices,
    Issuer,
    IssuerAnswer,
    StatementAnswer,
    tell_grant_statement,
    tell_invoice,
    tell_issuer,
    tell_statement,
)
from attise.ledger.days import local_day
from attise.management.accounts.queries import get_advertiser
from attise.management.authorizations.queries import get_authorization
from attise.management.invoices import actions, queries, statements
from attise.records.declared import clean_timezone

group = Group("Papers")
SHOWN_DAYS = 30
Zone = Annotated[str, Field(max_length=64, description="Where days begin.", examples=["Europe/Paris"])]


def _days(call: Call, first: dt.date | None, last: dt.date | None, timezone: str) -> dict[str, dt.date]:
    """Return the days that are asked for; one that is missing makes thirty of the other."""
    last = last or local_day(timezone, call.means.clock.world_ms())
    # Thirty days may be more than the calendar has before: which days may be asked for is the room's to say.
    return {"first": first or dt.date.fromordinal(max(last.toordinal() - SHOWN_DAYS + 1, 1)), "last": last}


@group.get("/v1/advertisers/{advertiser_id}/statement", gives=StatementAnswer)
def get_advertisers_statement(
    call: Call,
    advertiser_id: PathId,
    first: GivenDay | None = None,
    last: GivenDay | None = None,
) -> StatementAnswer:
    """Get what an advertiser's money did over days of its own zone, both meant; without days, the last thirty."""
    days = _days(call, first, last, get_advertiser(advertiser_id).timezone)
    return tell_statement(statements.of_advertiser(advertiser_id=advertiser_id, **days))


@group.get("/v1/creators/{creator_id}/statement", gives=StatementAnswer)
def get_creators_statement(
    call: Call,
    creator_id: PathId,
    currency: Currency = "EUR",
    first: GivenDay | None = None,
    last: GivenDay | None = None,
    timezone: Zone = "UTC",
) -> StatementAnswer:
    """Get what a creator's earnings did over local days, both meant; without days, the last thirty."""
    zone = clean_timezone(timezone)
    told = statements.of_creator(
        creator_id=creator_id, currency=currency, timezone=zone, **_days(call, first, last, zone)
    )
    return tell_statement(told)


@group.get("/v1/authorizations/{authorization_id}/statement", gives=GrantStatementAnswer)
def get_grants_statement(
    call: Call,
    authorization_id: PathId,
    currency: Currency = "EUR",
    first: GivenDay | None = None,
    last: GivenDay | None = None,
    timezone: Zone = "UTC",
) -> GrantStatementAnswer:
    """Get what an authorization cost advertisers and brought its creator over local days, both meant.

    Without days, the last thirty.
    """
    zone = clean_timezone(timezone)
    grant = get_authorization(call.means, authorization_id=authorization_id)
    told = statements.of_grant(
        authorization_id=grant.id,
        creator_id=grant.creator_id,
        currency=currency,
        timezone=zone,
        **_days(call, first, last, zone),
    )
    return tell_grant_statement(told)


@group.post("/v1/issuer", gives=IssuerAnswer, status=201)
def state_issuer(call: Call, body: Issuer) -> IssuerAnswer:
    """State who invoices from now on."""
    return tell_issuer(actions.state_issuer(call.means, call.actor, **body.model_dump()))


@group.get("/v1/advertisers/{advertiser_id}/invoices", gives=Listing[InvoiceAnswer])
def list_invoices(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[InvoiceAnswer]:
    """List the invoices of an advertiser, newest first."""
    get_advertiser(advertiser_id)
    page = queries.list_invoices(advertiser_id=advertiser_id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[InvoiceAnswer], page, tell_invoice)


@group.get("/v1/advertisers/{advertiser_id}/invoices/{invoice_id}", gives=InvoiceAnswer)
def get_invoice(call: Call, advertiser_id: PathId, invoice_id: PathId) -> InvoiceAnswer:  # noqa: ARG001 - as above
    """Get an invoice of an advertiser."""
    return tell_invoice(queries.get_invoice(advertiser_id=advertiser_id, invoice_id=invoice_id))


@group.post("/v1/advertisers/{advertiser_id}/invoices", gives=Invoices, refuses=(409,))
def issue_invoices(call: Call, advertiser_id: PathId, body: InvoiceMonth) -> Invoices:
    """Invoice a month of an advertiser, or get the papers that were issued.

    From two days after the month's end. What was charged is on an invoice, what was given back on a corrective one.
    """
    views = actions.issue_month(call.means, call.actor, advertiser_id=advertiser_id, period=body.period)
    return Invoices(items=[tell_invoice(view) for view in views])
