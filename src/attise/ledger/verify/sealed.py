"""The chains, batch after batch: numbers without gaps, hashes that hold, transfers that balance, charges that add up.

Books of any size are read with a bounded part of them in memory.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec

from attise.kernel.clock import to_datetime
from attise.ledger import chain
from attise.ledger.book.book import CHARGE
from attise.ledger.chain import ChargeRow, EntryRow, TransferRow
from attise.ledger.models import Account, Batch, Charge, Entry, Transfer
from attise.ledger.rules import Free, is_balanced
from attise.ledger.verify.count import Count, CountedAccount, Difference

BATCHES_AT_ONCE = 50
CHARGED, FREE = str(Charge.Outcome.CHARGED), str(Charge.Outcome.FREE)
Entries = dict[int, list[EntryRow]]


def read_sealed(count: Count) -> None:
    """Read on from where the count stands, to the end of every chain. Raises: Difference."""
    for currency in sorted(set(Batch.objects.order_by().values_list("currency", flat=True).distinct())):
        while batches := _next_batches(currency, after=count.ends.get(currency, (0, ""))[0]):
            _read_some(count, currency, batches)


def _next_batches(currency: str, *, after: int) -> list[Any]:
    return list(Batch.objects.filter(currency=currency, number__gt=after).order_by("number")[:BATCHES_AT_ONCE])


def _read_some(count: Count, currency: str, batches: list[Any]) -> None:
    ids = [batch.id for batch in batches]
    transfers: dict[int, list[TransferRow]] = defaultdict(list)
    for transfer in map(TransferRow._make, _values(Transfer, TransferRow, batch_id__in=ids)):
        transfers[transfer.batch_id].append(transfer)
    charges: dict[int, list[ChargeRow]] = defaultdict(list)
    for charge in map(ChargeRow._make, _values(Charge, ChargeRow, batch_id__in=ids)):
        charges[charge.batch_id].append(charge)
    entries = _entries_of(transfer__batch_id__in=ids)
    for batch in batches:
        _check_chain(count, batch, transfers[batch.id], entries, charges[batch.id])
    _know_accounts(count, currency, entries)
    moved = [transfer for batch in batches for transfer in transfers[batch.id]]
    for transfer in moved:
        _check_transfer(count, transfer, entries.get(transfer.id, []))
    kinds = {transfer.id: transfer.reason for transfer in moved}
    for batch in batches:
        for charge in charges[batch.id]:
            _check_charge(count, charge, reason=kinds.pop(charge.id, None), entries=entries.get(charge.id, []))
    if CHARGE in kinds.values():
        stray = next(one for one, reason in kinds.items() if reason == CHARGE)
        raise Difference(f"transfer {stray}: it says that a charge made it, and there is no such charge")
    _take_back(count, [transfer for transfer in moved if transfer.reverses_id is not None], entries)


def _values(model: Any, row: Any, **which: object) -> Any:
    return model.objects.filter(**which).order_by(row._fields[0]).values_list(*row._fields).iterator()


def _entries_of(**which: object) -> Entries:
    found: Entries = defaultdict(list)
    rows = Entry.objects.filter(**which).order_by("transfer_id", "number").values_list(*EntryRow._fields)
    for entry in map(EntryRow._make, rows.iterator()):
        found[entry.transfer_id].append(entry)
    return found


def _check_chain(
    count: Count, batch: Any, transfers: list[TransferRow], entries: Entries, charges: list[ChargeRow]
) -> None:
    number, last = count.ends.get(batch.currency, (0, ""))
    where = f"{batch.currency}, batch {batch.number}"
    if batch.number != number + 1:
        raise Difference(f"{batch.currency}: batch {number + 1} is missing; {batch.number} comes after {number}")
    if batch.previous_hash != last:
        raise Difference(f"{where}: it does not follow the batch before it")
    if batch.lines != len(transfers) + len(charges):
        raise Difference(f"{where}: {batch.lines} lines were sealed, {len(transfers) + len(charges)} are there")
    parts = [entry for transfer in transfers for entry in entries.get(transfer.id, [])]
    sealed = chain.batch_hash(
        currency=batch.currency,
        number=batch.number,
        at_ms=batch.at_ms,
        previous_hash=batch.previous_hash,
        transfers=transfers,
        entries=parts,
        charges=charges,
    )
    if batch.hash != sealed:
        raise Difference(f"{where}: its hash does not hold; a row of it was changed, removed or added")
    kept = count.kept.pop((batch.currency, batch.number), None)
    if kept is not None and kept.hash != batch.hash:
        raise Difference(f"{where}: it is not the batch whose hash was kept on {to_datetime(kept.at_ms):%Y-%m-%d}")
    count.ends[batch.currency] = (batch.number, batch.hash)
    count.batches += 1
    count.transfers, count.entries = count.transfers + len(transfers), count.entries + len(parts)
    count.charges += len(charges)


def _know_accounts(count: Count, currency: str, entries: Entries) -> None:
    """Look up the accounts that entries name, once each."""
    named = {entry.account_id for rows in entries.values() for entry in rows}
    for row in Account.objects.filter(id__in=named - count.accounts.keys()).iterator():
        count.accounts[row.id] = CountedAccount(row.currency, row.key)
    for rows in entries.values():
        for entry in rows:
            account = count.accounts.get(entry.account_id)
            if account is None or account.currency != currency:
                raise Difference(f"transfer {entry.transfer_id}: no {currency} account {entry.account_id} is there")


def _check_transfer(count: Count, transfer: TransferRow, entries: list[EntryRow]) -> None:
    if not is_balanced([entry.amount_micros for entry in entries]):
        raise Difference(f"transfer {transfer.id}: its entries do not sum to zero")
    for entry in entries:
        count.accounts[entry.account_id].sum_micros += entry.amount_micros


def _check_charge(count: Count, charge: ChargeRow, *, reason: str | None, entries: list[EntryRow]) -> None:
    """Check a charge against its transfer, and count it where it was spent."""
    where = f"charge {charge.id} ({charge.key})"
    try:
        places, legs = chain.read_places(charge.places), chain.read_legs(charge.legs)
    except msgspec.DecodeError as error:
        raise Difference(f"{where}: what it says cannot be read") from error
    if charge.outcome == FREE:
        if reason is not None or charge.reason not in set(Free):
            raise Difference(f"{where}: it is free, and money moved or nothing says why")
        return
    if charge.outcome != CHARGED or charge.reason or sum(micros for _, micros in legs) != charge.amount_micros:
        raise Difference(f"{where}: its legs are not its amount")
    if charge.amount_micros == 0:
        if reason is not None:
            raise Difference(f"{where}: it costs nothing, and money moved")
        return
    if reason != CHARGE:
        raise Difference(f"{where}: no transfer of it is there")
    paid = [(count.accounts[entry.account_id].key, entry.amount_micros) for entry in entries]
    if paid[0][1] != -charge.amount_micros or sorted(paid[1:]) != legs:
        raise Difference(f"{where}: its transfer pays something else")
    for envelope_id, period in places:
        count.spent[envelope_id, period] += charge.amount_micros


def _take_back(count: Count, reversals: list[TransferRow], entries: Entries) -> None:
    """Check that reversals undo what they name, exactly, and take back what was spent by charges."""
    undone = {transfer.reverses_id for transfer in reversals}
    if not undone:
        return
    before = _entries_of(transfer_id__in=undone)
    charges = {row.id: row for row in map(ChargeRow._make, _values(Charge, ChargeRow, id__in=undone))}
    for transfer in reversals:
        there = {(entry.account_id, entry.amount_micros) for entry in before.get(transfer.reverses_id or 0, [])}
        back = {(entry.account_id, -entry.amount_micros) for entry in entries[transfer.id]}
        if there != back:
            raise Difference(f"transfer {transfer.id}: it does not undo the one it names, leg by leg")
        charge = charges.get(transfer.reverses_id or 0)
        if charge is not None:
            for envelope_id, period in chain.read_places(charge.places):
                count.spent[envelope_id, period] -= charge.amount_micros
