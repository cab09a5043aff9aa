"""What an open book has on hand: rows are read when they are first asked for, many at once, and kept until the end.

The lock on the currency's head row was taken before anything is read, so what is read stays true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from attise.kernel.means import Means
from attise.ledger import rules, storing
from attise.ledger.book.on_hand import AccountOnHand, EnvelopeOnHand, PeriodOnHand
from attise.ledger.chain import Row
from attise.ledger.models import Account, Envelope, EnvelopePeriod, Touched

_ACCOUNT = ("id", "key", "currency", "kind", "balance_micros", "opened_at_ms")
_ENVELOPE = (
    *("id", "key", "kind", "currency", "account_id", "timezone", "next_timezone", "next_from_ms"),
    *("limit_micros", "closed_at_ms", "opened_at_ms"),
)


class Shelves:
    """Accounts, envelopes and periods of one currency."""

    def __init__(self, means: Means, currency: str) -> None:
        """Begin empty."""
        self._means = means
        self._currency = currency
        self._accounts: dict[str, AccountOnHand] = {}
        self._accounts_by_id: dict[int, AccountOnHand] = {}
        self._sought_accounts: set[str] = set()
        self._envelopes: dict[int, EnvelopeOnHand] = {}
        self._envelopes_by_key: dict[str, EnvelopeOnHand] = {}
        self._periods: dict[tuple[int, str], PeriodOnHand] = {}
        self._changed_accounts: dict[int, AccountOnHand] = {}
        self._changed_envelopes: dict[int, EnvelopeOnHand] = {}
        self._changed_periods: dict[tuple[int, str], PeriodOnHand] = {}

    # Accounts

    def find_account(self, key: str) -> AccountOnHand | None:
        """Return an account of this currency, or None. Cost: two statements where it was not on hand, else none."""
        if key not in self._accounts:
            self.bring_accounts([key])
        return self._accounts.get(key)

    def account(self, key: str) -> AccountOnHand:
        """Return an account of this currency, opened if there is none."""
        return self.find_account(key) or self.open_account(key)

    def account_of_id(self, account_id: int) -> AccountOnHand:
        """Return an account that must be there."""
        if account_id not in self._accounts_by_id:
            self._bring_accounts({"id": [account_id]})
        return self._accounts_by_id[account_id]

    def open_account(self, key: str) -> AccountOnHand:
        """Open an account that is not there."""
        opened = AccountOnHand(
            self._means.ids.next(), key, self._currency, rules.kind_of(key), 0, self._means.clock.world_ms()
        )
        self._keep_account(opened)
        self.changed(opened)
        return opened

    def bring_accounts(self, keys: Iterable[str]) -> None:
        """Have the accounts of these keys on hand, as far as they exist. Cost: two statements at most."""
        missing = {key for key in keys if key not in self._accounts and key not in self._sought_accounts}
        self._sought_accounts |= missing
        if missing:
            self._bring_accounts({"key": missing})

    def _bring_accounts(self, which: Mapping[str, Collection[Any]]) -> None:
        """Have accounts on hand, with the balance envelopes of those that are prepaid."""
        rows = storing.read_any(Account, _ACCOUNT, which)
        found = [AccountOnHand(*row) for row in rows if row[2] == self._currency]
        for account in found:
            self._keep_account(account)
        self._bring_envelopes("account_id", [account.id for account in found], only=str(Envelope.Kind.BALANCE))

    def _keep_account(self, account: AccountOnHand) -> None:
        self._accounts[account.key] = account
        self._accounts_by_id[account.id] = account

    # Envelopes

    def find_envelope(self, key: str) -> EnvelopeOnHand | None:
        """Return the envelope of a key, or None; also when it is of another currency."""
        if key not in self._envelopes_by_key:
            self._bring_envelopes("key", [key])
        return self._envelopes_by_key.get(key)

    def has_envelope(self, key: str) -> bool:
        """Tell whether the envelope of a key is on hand, without reading anything."""
        return key in self._envelopes_by_key

    def envelope_of_id(self, envelope_id: int) -> EnvelopeOnHand | None:
        """Return an envelope, or None where this currency has none of this id; it must have been brought before."""
        return self._envelopes.get(envelope_id)

    def open_envelope(self, envelope: EnvelopeOnHand) -> None:
        """Take in an envelope that is being opened."""
        self._keep_envelope(envelope)
        self.changed(envelope)

    def bring_envelopes(self, ids: Iterable[int], *, accounts: Iterable[str] = ()) -> None:
        """Have envelopes on hand, with their payers and those payers' balances, and accounts of these keys.

        Cost: three statements at most.
        """
        missing = {one for one in ids if one not in self._envelopes}
        if missing:
            self._bring_envelopes("id", missing)
        payers = {one.account_id for one in self._envelopes.values()} - self._accounts_by_id.keys()
        keys = {key for key in accounts if key not in self._accounts and key not in self._sought_accounts}
        self._sought_accounts |= keys
        if payers or keys:
            self._bring_accounts({"id": payers, "key": keys})

    def _bring_envelopes(self, column: str, values: Collection[Any], *, only: str | None = None) -> None:
        """Have envelopes of this currency on hand, of one kind or all."""
        rows = storing.read(Envelope, _ENVELOPE, column=column, values=values)
        for id_, key, kind, currency, account_id, zone, next_zone, from_ms, *rest in rows:
            if currency != self._currency or only not in {None, kind}:
                continue
            known = self._envelopes.get(id_)
            if known is None:
                ruling = rules.Zone(zone, next_zone, from_ms)
                known = EnvelopeOnHand(id_, key, kind, currency, account_id, ruling, *rest)
            self._keep_envelope(known)  # a balance that was on hand before its account is told to it now

    def _keep_envelope(self, envelope: EnvelopeOnHand) -> None:
        self._envelopes[envelope.id] = envelope
        self._envelopes_by_key[envelope.key] = envelope
        if envelope.kind == Envelope.Kind.BALANCE and envelope.account_id in self._accounts_by_id:
            self._accounts_by_id[envelope.account_id].balance_envelope = envelope.id

    # Periods

    def bring_periods(self, places: Collection[tuple[int, str]]) -> None:
        """Have periods on hand; one without a row begins with its envelope's standing limit. Cost: one statement."""
        missing = {place for place in places if place not in self._periods}
        if not missing:
            return
        names = ("envelope_id", "period", "asked_micros", "limit_micros", "spent_micros")
        periods = sorted({period for _, period in missing})
        for row in storing.read_pairs(EnvelopePeriod, names, {one for one, _ in missing}, periods):
            self._periods.setdefault((row[0], row[1]), PeriodOnHand(*row))
        for envelope_id, period in missing:
            if (envelope_id, period) not in self._periods:
                limit = self._envelopes[envelope_id].limit_micros
                fresh = PeriodOnHand(envelope_id, period, limit, limit, 0, is_stored=False)
                self._periods[envelope_id, period] = fresh

    def period(self, envelope_id: int, period: str) -> PeriodOnHand:
        """Return a period of an envelope on hand."""
        place = (envelope_id, period)
        if place not in self._periods:
            self.bring_periods([place])
        return self._periods[place]

    # Back to the database

    def changed(self, what: AccountOnHand | EnvelopeOnHand | PeriodOnHand) -> None:
        """Remember that something on hand must be written."""
        if isinstance(what, PeriodOnHand):
            what.is_stored = True
            self._changed_periods[what.envelope_id, what.period] = what
        elif isinstance(what, AccountOnHand):
            self._changed_accounts[what.id] = what
        else:
            self._changed_envelopes[what.id] = what

    def write_accounts(self) -> None:
        """Write accounts that changed, in the order of ids. Cost: one statement."""
        storing.put(Account, _rows(self._changed_accounts), unique=("id",), update=("balance_micros",))

    def write_envelopes(self) -> None:
        """Write envelopes and periods that changed, in the order of ids, and that they did. Cost: three statements."""
        touched = sorted(self._changed_envelopes.keys() | {one for one, _ in self._changed_periods})
        storing.append(Touched, [(one,) for one in touched], names=("envelope_id",))
        storing.put(
            Envelope,
            _rows(self._changed_envelopes),
            unique=("id",),
            update=("timezone", "next_timezone", "next_from_ms", "limit_micros", "closed_at_ms"),
        )
        storing.put(
            EnvelopePeriod,
            _rows(self._changed_periods),
            unique=("envelope_id", "period"),
            update=("asked_micros", "limit_micros", "spent_micros"),
        )


def _rows(changed: Mapping[Any, AccountOnHand | EnvelopeOnHand | PeriodOnHand]) -> list[Row]:
    return [changed[key].row() for key in sorted(changed)]
