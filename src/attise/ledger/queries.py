"""Reads of the ledger: plain values out. They see what is sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, Sum

from attise.kernel.acts import ActsWish
from attise.kernel.paging import NumberedPage, Page
from attise.ledger import rules
from attise.ledger.models import Account, Charge, Entry, Envelope, EnvelopePeriod, Head, Restored, Touched, Transfer
from attise.ledger.reading import charge_view, transfer_views
from attise.ledger.views import (
    AccountView,
    ChargeView,
    CurrencyTotals,
    EnvelopeState,
    EnvelopeView,
    PeriodView,
    StatementLine,
    TransferView,
)


class RestoredView(NamedTuple):
    """When the house was brought back, and from a copy of when (wire time)."""

    made_at_ms: int
    restored_at_ms: int


def list_restored() -> list[RestoredView]:
    """Return every time the house was brought back from a copy, the latest first."""
    rows = Restored.objects.order_by("-restored_at_ms").values_list("made_at_ms", "restored_at_ms")
    return [RestoredView(*row) for row in rows]


def restored_at_ms() -> int:
    """Return when the house was last brought back from a copy (wire time); 0: never."""
    return next((one.restored_at_ms for one in list_restored()), 0)


def find_account(key: str, currency: str) -> AccountView | None:
    """Return an account, or None where none was opened."""
    return next(iter(list_accounts([key], currency=currency)), None)


def list_accounts(keys: Iterable[str], *, currency: str | None = None) -> list[AccountView]:
    """Return the accounts of these keys, in every currency or one, oldest first. Cost: one statement."""
    rows = Account.objects.filter(key__in=list(keys))
    if currency is not None:
        rows = rows.filter(currency=currency)
    return [
        AccountView(row.id, row.key, row.currency, row.kind, row.balance_micros, row.opened_at_ms)
        for row in rows.order_by("id")
    ]


def balance_of(key: str, currency: str) -> int:
    """Return an account's balance in micros; 0 where none was opened."""
    account = find_account(key, currency)
    return 0 if account is None else account.balance_micros


def find_envelope(key: str, *, at_ms: int) -> EnvelopeState | None:
    """Return an envelope by its key, in the period of a moment (world time), or None."""
    return list_envelopes([key], at_ms=at_ms).get(key)


def list_envelopes(keys: Iterable[str], *, at_ms: int) -> dict[str, EnvelopeState]:
    """Return the envelopes of these keys that exist, in the periods of a moment (world time). Cost: one statement."""
    return {state.envelope.key: state for state in _states(Q(key__in=list(keys)), at_ms)}


def ids_of_envelopes(keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of the envelopes of these keys that exist. Cost: one statement on an index."""
    return dict(Envelope.objects.filter(key__in=list(keys)).values_list("key", "id"))


def list_envelopes_by_id(ids: Iterable[int], *, at_ms: int) -> dict[int, EnvelopeState]:
    """Return the envelopes of these ids that exist, in the periods of a moment (world time). Cost: one statement."""
    return {state.envelope.id: state for state in _states(Q(id__in=list(ids)), at_ms)}


def zones_of(ids: Iterable[int]) -> dict[int, rules.Zone]:
    """Return the zones of the envelopes of these ids that exist, each with the one to follow. Cost: one statement."""
    rows = Envelope.objects.filter(id__in=list(ids)).values_list("id", "timezone", "next_timezone", "next_from_ms")
    return {id_: rules.Zone(*zone) for id_, *zone in rows}


def list_envelopes_of(payer: str, *, at_ms: int) -> list[EnvelopeState]:
    """Return every envelope of a payer, its balance among them, in the periods of a moment. Cost: one statement."""
    return _states(Q(account__key=payer), at_ms)


def _states(which: Q, at_ms: int) -> list[EnvelopeState]:
    """Return envelopes with the one period that each is in; a period without a row follows the standing limit."""
    now = FilteredRelation("periods", condition=Q(periods__period__in=rules.periods_at(at_ms)))
    rows = Envelope.objects.filter(which).annotate(now=now).order_by("id")
    found: dict[int, EnvelopeState] = {}
    for row in rows.annotate(
        period=F("now__period"), period_limit=F("now__limit_micros"), period_spent=F("now__spent_micros")
    ):
        zone = rules.Zone(row.timezone, row.next_timezone, row.next_from_ms)
        period, span = rules.period_of(row.kind, zone, at_ms), rules.span_of(row.kind, zone, at_ms)
        if row.period == period:
            said = (period, row.period_limit, row.period_spent, *span)
            found[row.id] = EnvelopeState(_envelope(row, zone.at(at_ms)), *said)
        else:
            fresh = EnvelopeState(_envelope(row, zone.at(at_ms)), period, row.limit_micros, 0, *span)
            found.setdefault(row.id, fresh)
    return list(found.values())


def _envelope(row: Envelope, zone: str) -> EnvelopeView:
    return EnvelopeView(
        row.id, row.key, row.kind, row.currency, row.account_id, zone, row.limit_micros, row.closed_at_ms
    )


def newest_touched() -> int:
    """Return the number of the newest entry of what was touched; 0: nothing is left. Cost: one statement."""
    return Touched.objects.order_by("-id").values_list("id", flat=True).first() or 0


def has_touched(*, upto: int) -> bool:
    """Tell whether anything up to an entry is left that nobody has taken note of. Cost: one statement."""
    return bool(Touched.objects.filter(id__lte=upto).exists())


def list_periods(envelope_id: int, *, first: str = "", last: str = "9999-12-31") -> list[PeriodView]:
    """Return what an envelope held, by period, oldest first; both ends are meant."""
    rows = EnvelopePeriod.objects.filter(envelope_id=envelope_id, period__gte=first, period__lte=last)
    return [PeriodView(row.period, row.limit_micros, row.spent_micros) for row in rows.order_by("period")]


def find_transfer(key: str) -> TransferView | None:
    """Return the transfer of a key, or None."""
    return next(iter(transfer_views(Transfer.objects.filter(key=key))), None)


def list_acts(wish: ActsWish) -> list[TransferView]:
    """Return movements that somebody made, charges apart, newest first.

    Cost: two statements; a rare one is looked for through all transfers.
    """
    bounds = {"at_ms__gte": wish.from_ms, "at_ms__lt": wish.to_ms, "id__lt": wish.after, "id": wish.object_id}
    rows = Transfer.objects.filter(key__isnull=False, **{name: one for name, one in bounds.items() if one is not None})
    if wish.actions is not None:
        rows = rows.filter(reason__in=wish.actions)
    if wish.actor is not None:
        alone = Q(actor=wish.actor)
        rows = rows.filter(alone if ":" in wish.actor else alone | Q(actor__startswith=f"{wish.actor}:"))
    return transfer_views(rows.order_by("-id")[: wish.limit])


def list_transfer_keys(ending: str) -> list[str]:
    """Return the keys of transfers that end so, oldest first. Cost: one statement that looks at every key."""
    rows = Transfer.objects.filter(key__endswith=ending).order_by("id")
    return list(rows.values_list("key", flat=True))


def find_charge(key: str) -> ChargeView | None:
    """Return the charge of a key, or None."""
    row = Charge.objects.select_related("batch").filter(key=key).first()
    return None if row is None else charge_view(row, row.batch.currency)


def list_charges(keys: Iterable[str], *, payer: str) -> dict[str, ChargeView]:
    """Return the charges of these keys that an account pays for, by key. Cost: two statements."""
    rows = [
        charge_view(row, row.batch.currency)
        for row in Charge.objects.select_related("batch").filter(key__in=list(keys))
    ]
    named = {envelope for row in rows for envelope, _ in row.places}
    mine = set(Envelope.objects.filter(id__in=named, account__key=payer).values_list("id", flat=True))
    return {row.key: row for row in rows if any(envelope in mine for envelope, _ in row.places)}


def page_charges(
    payer: str,
    currency: str,
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[tuple[ChargeView, int | None]]:
    """Return what an account was charged, newest first, after a charge; each with the transfer that gave it back.

    Free charges are left out. ``from_ms`` (meant) and ``to_ms`` (not meant) bound the decision, in world time.
    Cost: three statements.
    """
    rows = Entry.objects.filter(account__key=payer, account__currency=currency, by_charge=True)
    bounds = {"transfer_id__lt": after, "transfer__at_ms__gte": from_ms, "transfer__at_ms__lt": to_ms}
    rows = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
    ids = list(rows.order_by("-transfer_id").values_list("transfer_id", flat=True)[: limit + 1])
    charges = {row.id: charge_view(row, currency) for row in Charge.objects.filter(id__in=ids[:limit])}
    back = dict(Transfer.objects.filter(reverses_id__in=ids[:limit]).values_list("reverses_id", "id"))
    items = [(charges[one], back.get(one)) for one in ids[:limit]]
    return Page(items, ids[limit - 1] if len(ids) > limit else None)


def known_charges(keys: Iterable[str]) -> set[str]:
    """Return which of these keys are those of charges, free ones too. Cost: one statement."""
    return set(Charge.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def list_charged(beginning: str, *, after: str = "", limit: int = 1_000) -> list[tuple[str, str, int]]:
    """Return charges whose keys begin so, by key, after one: key, outcome and what was asked. Cost: one statement."""
    rows = Charge.objects.filter(key__gt=max(after, beginning), key__startswith=beginning).order_by("key")
    return list(rows.values_list("key", "outcome", "amount_micros")[:limit])


def list_statement(
    key: str, currency: str, *, by_charge: bool = False, after: int | None = None, limit: int = 50
) -> Page[StatementLine]:
    """Return the movements of an account, newest first, after the transfer of an id.

    Those of charges are another list: their sums by day are the periods of envelopes. Cost: one statement.
    """
    rows = Entry.objects.filter(account__key=key, account__currency=currency, by_charge=by_charge)
    if after is not None:
        rows = rows.filter(transfer_id__lt=after)
    found = _lines(rows.order_by("-transfer_id")[: limit + 1])
    return Page(found[:limit], found[limit - 1].transfer_id if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class Movements:
    """Some of the movements of accounts; what is None keeps all."""

    reasons: tuple[str, ...] | None = None
    but_reasons: tuple[str, ...] = ()
    is_credit: bool | None = None
    """Whether it came to the account, or went."""

    def condition(self) -> Q:
        """Return what an entry must be."""
        found = ~Q(transfer__reason__in=self.but_reasons) if self.but_reasons else Q()
        if self.reasons is not None:
            found &= Q(transfer__reason__in=self.reasons)
        if self.is_credit is not None:
            found &= Q(amount_micros__gt=0) if self.is_credit else Q(amount_micros__lt=0)
        return found


def page_statement(
    keys: Collection[str],
    page: int,
    page_size: int,
    *,
    which: Sequence[Movements] | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> NumberedPage[StatementLine]:
    """Return a page of the movements of several accounts, charges left out, newest first.

    ``which`` keeps those that any of its conditions keeps; ``from_ms`` (meant) and ``to_ms`` (not meant) bound the time
    of the movement, in world time. Cost: two statements.
    """
    rows = _statement(keys, which, from_ms, to_ms)
    begin = (page - 1) * page_size
    lines = _lines(rows.order_by("-transfer_id", "number")[begin : begin + page_size])
    return NumberedPage(lines, page, page_size, rows.count())


def sum_statement(
    keys: Collection[str],
    *,
    which: Sequence[Movements] | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
    currency: str | None = None,
) -> dict[str, int]:
    """Return the sums of such movements in micros, by account key; none of an account without.

    ``currency`` keeps one, where an account of the key may be of several. Cost: one statement.
    """
    rows = _statement(keys, which, from_ms, to_ms)
    if currency is not None:
        rows = rows.filter(account__currency=currency)
    sums = rows.values("account__key").annotate(sum=Sum("amount_micros")).order_by()
    return {row["account__key"]: int(row["sum"]) for row in sums}


def _statement(keys: Collection[str], which: Sequence[Movements] | None, from_ms: int | None, to_ms: int | None) -> Any:
    rows = Entry.objects.filter(account__key__in=list(keys), by_charge=False)
    if which is not None:
        kept = [one.condition() for one in which]
        rows = rows.filter(reduce(or_, kept)) if kept else rows.none()
    if from_ms is not None:
        rows = rows.filter(transfer__at_ms__gte=from_ms)
    if to_ms is not None:
        rows = rows.filter(transfer__at_ms__lt=to_ms)
    return rows


def _lines(rows: Any) -> list[StatementLine]:
    return [
        StatementLine(
            row.transfer_id,
            row.account.key,
            row.amount_micros,
            row.account.currency,
            row.transfer.reason,
            row.transfer.actor,
            row.transfer.memo,
            row.transfer.at_ms,
            row.transfer.reverses_id,
        )
        for row in rows.select_related("transfer", "account")
    ]


def list_totals() -> list[CurrencyTotals]:
    """Return what accounts hold, by currency and kind, with the head of each chain. Cost: two statements."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for row in Account.objects.values("currency", "kind").annotate(sum=Sum("balance_micros")).order_by("kind"):
        sums[row["currency"]][row["kind"]] = int(row["sum"])
    return [
        CurrencyTotals(head.currency, head.number, head.hash, sums[head.currency])
        for head in Head.objects.order_by("currency")
    ]
