"""The open book: what is written into it, until it is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from attise.kernel.limits import BOOK_LINES
from attise.kernel.means import Means
from attise.ledger import chain, storing
from attise.ledger.book.on_hand import AccountOnHand, PeriodOnHand
from attise.ledger.book.shelves import Shelves
from attise.ledger.chain import ChargeRow, EntryRow, TransferRow
from attise.ledger.models import Batch, Charge, Entry, Head, Transfer
from attise.ledger.reading import charge_view, transfer_views
from attise.ledger.rules import ENDLESS, LARGEST_BALANCE_MICROS, is_balanced
from attise.ledger.views import ChargeView, TransferView

CHARGE = "charge"
"""The reason of a charge's transfer."""
Leg = tuple[AccountOnHand, int]


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a transfer beside its legs."""

    id: int
    reason: str
    at_ms: int
    key: str | None = None
    actor: str = ""
    memo: str = ""
    reverses: int | None = None
    payer: AccountOnHand | None = None
    """Whose spend it is, or gives back: its envelopes count it, where other accounts' balances move their limit."""

    def row(self, batch_id: int) -> TransferRow:
        """Return the transfer's row."""
        return TransferRow(self.id, batch_id, self.key, self.reason, self.actor, self.memo, self.at_ms, self.reverses)

    def entry_rows(self, legs: Sequence[Leg]) -> list[EntryRow]:
        """Return its entries' rows, in the order of the legs."""
        by_charge = self.payer is not None and self.reverses is None
        return [
            EntryRow(self.id, number, account.id, micros, by_charge)
            for number, (account, micros) in enumerate(legs, start=1)
        ]


class Book:
    """One currency's rows, open for writing. Invariant: what is on hand is what the database would hold once sealed."""

    def __init__(self, means: Means, currency: str, *, number: int, head_hash: str) -> None:
        """Begin after the batch of this number and hash, whose row is locked."""
        self.means = means
        self.currency = currency
        self.shelves = Shelves(means, currency)
        self._number = number
        self._head_hash = head_hash
        self._transfers: dict[int, tuple[Movement, Sequence[Leg]]] = {}
        self._charges: list[ChargeView] = []
        self._known_charges: dict[str, ChargeView | None] = {}

    @property
    def lines(self) -> int:
        """How many transfers and charges were written."""
        return len(self._transfers) + len(self._charges)

    # Transfers

    def balance_of(self, account: AccountOnHand) -> PeriodOnHand | None:
        """Return what bounds a prepaid account, or None."""
        if account.balance_envelope is None:
            return None
        return self.shelves.period(account.balance_envelope, ENDLESS)

    def write_transfer(self, movement: Movement, legs: Sequence[Leg]) -> None:
        """Write a transfer; the caller has judged that every account bears it.

        Invariants, asserted: the legs sum to zero, none is zero or beyond the largest amount, each account comes once
        and is of this book; no prepaid balance falls below what is spent.
        """
        if not is_balanced([micros for _, micros in legs]) or len({account.id for account, _ in legs}) != len(legs):
            raise AssertionError("a transfer has legs that sum to zero, one for each account")
        for account, micros in legs:
            account.balance_micros += micros
            if account.currency != self.currency or abs(account.balance_micros) > LARGEST_BALANCE_MICROS:
                raise AssertionError(f"account {account.key} does not bear this transfer")
            self.shelves.changed(account)
            balance = None if account is movement.payer else self.balance_of(account)
            if balance is not None:
                balance.ask((balance.asked_micros or 0) + micros)
                if balance.limit_micros != balance.asked_micros:
                    raise AssertionError(f"the balance of {account.key} would fall below zero")
                self.shelves.changed(balance)
        self._transfers[movement.id] = (movement, legs)

    def find_transfer(self, key: str) -> TransferView | None:
        """Return the transfer of a key, of any currency, as it was written before or in this book.

        Cost: two statements at most.
        """
        here = next((one for one, _ in self._transfers.values() if one.key == key), None)
        return self._here(here.id) if here is not None else self._stored(key=key)

    def transfer_of_id(self, transfer_id: int) -> TransferView | None:
        """Return a transfer of this currency, or None. Cost: as above."""
        if transfer_id in self._transfers:
            return self._here(transfer_id)
        return self._stored(id=transfer_id, batch__currency=self.currency)

    def reversal_of(self, transfer_id: int) -> TransferView | None:
        """Return the transfer that reverses another, or None. Cost: as above."""
        here = next((one for one, _ in self._transfers.values() if one.reverses == transfer_id), None)
        return self._here(here.id) if here is not None else self._stored(reverses_id=transfer_id)

    def view_of_transfer(self, transfer_id: int) -> TransferView:
        """Return a transfer that was written in this book."""
        return self._here(transfer_id)

    def _here(self, transfer_id: int) -> TransferView:
        said, legs = self._transfers[transfer_id]
        entries = tuple((account.key, micros) for account, micros in legs)
        return TransferView(
            said.id, said.key, self.currency, said.reason, said.actor, said.memo, said.at_ms, entries, said.reverses
        )

    def _stored(self, **which: object) -> TransferView | None:
        found = transfer_views(Transfer.objects.filter(**which))
        return found[0] if found else None

    # Charges

    def bring_charges(self, keys: Iterable[str]) -> None:
        """Have the charges of these keys on hand, as far as they exist. Cost: one statement."""
        missing = {key for key in keys if key not in self._known_charges}
        if not missing:
            return
        self._known_charges |= dict.fromkeys(missing)
        found = [id_ for (id_,) in storing.read(Charge, ("id",), column="key", values=missing)]
        for row in Charge.objects.filter(id__in=found) if found else []:
            self._known_charges[row.key] = charge_view(row, self.currency)

    def find_charge(self, key: str) -> ChargeView | None:
        """Return the charge of a key, as it was decided before or in this book."""
        if key not in self._known_charges:
            self.bring_charges([key])
        return self._known_charges[key]

    def write_charge(self, charge: ChargeView) -> None:
        """Write a decided charge; its transfer, if it has one, is written beside it under the same id."""
        self._known_charges[charge.key] = charge
        self._charges.append(charge)

    # The end

    def seal(self) -> None:
        """Write everything into the database, under one hash. Cost: nine statements at most, whatever was written."""
        self.shelves.write_accounts()
        if self.lines:
            self._write_batch()
        self.shelves.write_envelopes()

    def _write_batch(self) -> None:
        if self.lines > BOOK_LINES:
            raise AssertionError(f"a book takes {BOOK_LINES} lines")
        batch_id, at_ms = self.means.ids.next(), self.means.clock.world_ms()
        transfers = sorted(said.row(batch_id) for said, _ in self._transfers.values())
        entries = sorted(row for said, legs in self._transfers.values() for row in said.entry_rows(legs))
        charges = sorted(_row_of(charge, batch_id) for charge in self._charges)
        sealed = chain.batch_hash(
            currency=self.currency,
            number=self._number + 1,
            at_ms=at_ms,
            previous_hash=self._head_hash,
            transfers=transfers,
            entries=entries,
            charges=charges,
        )
        head = (batch_id, self.currency, self._number + 1, at_ms, self.lines, self._head_hash, sealed)
        storing.insert(Batch, [head])
        storing.insert(Transfer, transfers)
        storing.insert(Entry, entries)
        storing.insert(Charge, charges)
        self._number, self._head_hash = self._number + 1, sealed
        storing.change(Head, {"number": self._number, "hash": sealed}, column="currency", value=self.currency)


def _row_of(charge: ChargeView, batch_id: int) -> ChargeRow:
    """Return a charge's row."""
    return ChargeRow(
        charge.id,
        batch_id,
        charge.key,
        charge.amount_micros,
        charge.outcome,
        charge.reason,
        chain.pairs_text(charge.places),
        chain.pairs_text(charge.legs),
        charge.decided_at_ms,
        charge.received_at_ms,
    )
