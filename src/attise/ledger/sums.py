"""Sums of what charges moved and what was given back of them: what statements, earnings and invoices are made of.

Plain values out; they see what is sealed. Nothing is rounded: every sum is of whole micros, and sums of parts that do
not overlap make the sum of the whole. Amounts are read off entries, never off what a charge asked for, so that a free
charge is nothing here. What was given back is dated by the act, as it is in the book.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from attise.kernel.limits import HOUR_MS, MINUTE_MS
from attise.ledger import chain
from attise.ledger.book.book import CHARGE
from attise.ledger.models import Charge, Entry, Envelope, Head

QUARTER_MS = 15 * MINUTE_MS
"""Sums are told by quarters of an hour: every zone of today has its midnight at the beginning of one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which movements: by world time, and by what was sealed when.

    ``told_to_ms`` and ``told_number`` leave out what an earlier reader has had: what lies before that time and was
    sealed up to that batch. What came late is left in.
    """

    from_ms: int | None = None
    """This moment is meant."""
    to_ms: int | None = None
    """This moment is not meant."""
    number: int | None = None
    """The last batch of the currency that is read."""
    told_to_ms: int = 0
    told_number: int = 0

    def condition(self) -> Q:
        """Return what an entry must be."""
        found = Q()
        if self.from_ms is not None:
            found &= Q(transfer__at_ms__gte=self.from_ms)
        if self.to_ms is not None:
            found &= Q(transfer__at_ms__lt=self.to_ms)
        if self.number is not None:
            found &= Q(transfer__batch__number__lte=self.number)
        if self.told_to_ms:
            found &= Q(transfer__at_ms__gte=self.told_to_ms) | Q(transfer__batch__number__gt=self.told_number)
        return found


@dataclass(frozen=True, slots=True)
class Moved:
    """What charges alike, or their reversals, moved in one account within a quarter of an hour."""

    account_key: str
    quarter_ms: int
    """World time at which the quarter begins."""
    envelopes: tuple[int, ...]
    """Ids of the envelopes that the charges were spent in."""
    amount_micros: int
    count: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What the reversal of one charge moved in an account."""

    charge_key: str
    envelopes: tuple[int, ...]
    """As of ``Moved``."""
    amount_micros: int


@dataclass(frozen=True, slots=True)
class Named:
    """An envelope as its key names it, with the account that pays what is charged within it."""

    id: int
    key: str
    kind: str
    payer: str


def list_moved(keys: Collection[str], currency: str, span: Span, *, given_back: bool = False) -> list[Moved]:
    """Return what charges moved in accounts, or with ``given_back`` what their reversals did, oldest first.

    Cost: one statement, which reads every entry of the accounts; as many rows as there are quarters and kinds.
    """
    rows = Entry.objects.filter(span.condition(), account__key__in=list(keys), account__currency=currency)
    which = "transfer__reverses_id" if given_back else "transfer_id"
    rows = _given_back(rows) if given_back else rows.filter(by_charge=True)
    places = Subquery(Charge.objects.filter(id=OuterRef(which)).values("places"), output_field=models.TextField())
    sums = (
        rows.annotate(places=places, quarter=F("transfer__at_ms") - F("transfer__at_ms") % QUARTER_MS)
        .values("account__key", "quarter", "places")
        .annotate(sum=Sum("amount_micros"), count=Count("number"))
        .order_by("quarter", "account__key", "places")
    )
    return [
        Moved(
            row["account__key"],
            row["quarter"],
            tuple(envelope for envelope, _ in chain.read_places(row["places"])),
            int(row["sum"]),
            row["count"],
        )
        for row in sums
    ]


def list_paid_hours() -> list[tuple[str, str, int, int]]:
    """Return what charges took from those who paid them, before anything was given back, by hour of the decision.

    Account key, currency, beginning of the hour (world time) and micros. Cost: one statement over every charge.
    """
    paid = Entry.objects.filter(by_charge=True, amount_micros__lt=0)
    hours = paid.annotate(hour=F("transfer__at_ms") - F("transfer__at_ms") % HOUR_MS)
    rows = hours.values_list("account__key", "account__currency", "hour").annotate(sum=Sum("amount_micros"))
    return [(key, currency, hour_ms, -int(micros)) for key, currency, hour_ms, micros in rows.order_by()]


def list_returned(key: str, currency: str, span: Span) -> list[Returned]:
    """Return what each reversal of a charge moved in an account, oldest first.

    Cost: one statement, which reads every entry of the account.
    """
    rows = _given_back(Entry.objects.filter(span.condition(), account__key=key, account__currency=currency))
    of_charge = Charge.objects.filter(id=OuterRef("transfer__reverses_id"))
    told = rows.annotate(charge=Subquery(of_charge.values("key")), places=Subquery(of_charge.values("places")))
    return [
        Returned(charge, tuple(envelope for envelope, _ in chain.read_places(places)), micros)
        for charge, places, micros in told.order_by("number").values_list("charge", "places", "amount_micros")
    ]


def sum_since(key: str, currency: str, from_ms: int) -> int:
    """Return what charges of a moment or later (world time) brought an account, less what was given back of those.

    Cost: two statements, which read every entry of the account.
    """
    rows = Entry.objects.filter(account__key=key, account__currency=currency)
    brought = _sum(rows.filter(by_charge=True, transfer__at_ms__gte=from_ms))
    return brought + _sum(_given_back(rows).filter(transfer__reverses__at_ms__gte=from_ms))


def sum_moved(keys: Collection[str], currency: str, span: Span) -> int:
    """Return the sum of every movement of accounts, charges, reversals and the rest alike. Cost: one statement."""
    return _sum(Entry.objects.filter(span.condition(), account__key__in=list(keys), account__currency=currency))


def times_given_back(key: str, currency: str, span: Span) -> list[int]:
    """Return when the charges happened that were given back within a span, each day of UTC once, oldest first.

    Cost: one statement.
    """
    rows = _given_back(Entry.objects.filter(span.condition(), account__key=key, account__currency=currency))
    return sorted(set(rows.values_list("transfer__reverses__at_ms", flat=True)))


def list_payers(key: str, currency: str) -> set[str]:
    """Return the accounts that ever paid an account by charges. Cost: two statements; reads every entry of it."""
    mine = Entry.objects.filter(account__key=key, account__currency=currency, by_charge=True)
    places = Charge.objects.filter(id__in=mine.values("transfer_id")).values_list("places", flat=True).distinct()
    ids = {envelope for text in places for envelope, _ in chain.read_places(text)}
    return {one.payer for one in name_envelopes(ids).values()}


def name_envelopes(ids: Iterable[int]) -> dict[int, Named]:
    """Return envelopes of these ids by id. Cost: one statement."""
    rows = Envelope.objects.filter(id__in=set(ids)).values_list("id", "key", "kind", "account__key")
    return {row[0]: Named(*row) for row in rows}


def last_number(currency: str) -> int:
    """Return the number of the newest sealed batch of a currency; 0 before any. Cost: one keyed read."""
    return Head.objects.filter(currency=currency).values_list("number", flat=True).first() or 0


def _given_back(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Keep the entries of transfers that reverse a charge."""
    return rows.filter(by_charge=False, transfer__reverses__reason=CHARGE)


def _sum(rows: QuerySet[Entry]) -> int:
    return int(rows.aggregate(sum=Coalesce(Sum("amount_micros"), 0))["sum"])
