"""Rows as an open book holds them: plain, changeable, and written back when it is sealed."""

from __future__ import annotations

from dataclasses import dataclass

from attise.ledger.chain import Row
from attise.ledger.rules import Zone, room_of, ruling_limit
from attise.ledger.views import AccountView, EnvelopeView


@dataclass(slots=True, eq=False)
class AccountOnHand:
    """An account, with the id of its balance envelope if it is prepaid."""

    id: int
    key: str
    currency: str
    kind: str
    balance_micros: int
    opened_at_ms: int
    balance_envelope: int | None = None

    def row(self) -> Row:
        """Return the values of its row."""
        return (self.id, self.key, self.currency, self.kind, self.balance_micros, self.opened_at_ms)

    def view(self) -> AccountView:
        """Return the account as others see it."""
        return AccountView(self.id, self.key, self.currency, self.kind, self.balance_micros, self.opened_at_ms)


@dataclass(slots=True, eq=False)
class EnvelopeOnHand:
    """An envelope."""

    id: int
    key: str
    kind: str
    currency: str
    account_id: int
    zone: Zone
    limit_micros: int | None
    closed_at_ms: int | None
    opened_at_ms: int

    def row(self) -> Row:
        """Return the values of its row."""
        return (
            self.id,
            self.key,
            self.kind,
            self.currency,
            self.account_id,
            self.zone.name,
            self.zone.next_name,
            self.zone.next_from_ms,
            self.limit_micros,
            self.closed_at_ms,
            self.opened_at_ms,
        )

    def view(self, *, now_ms: int) -> EnvelopeView:
        """Return the envelope as others see it."""
        return EnvelopeView(
            self.id,
            self.key,
            self.kind,
            self.currency,
            self.account_id,
            self.zone.at(now_ms),
            self.limit_micros,
            self.closed_at_ms,
        )


@dataclass(slots=True, eq=False)
class PeriodOnHand:
    """What an envelope holds in one period."""

    envelope_id: int
    period: str
    asked_micros: int | None
    limit_micros: int | None
    spent_micros: int
    is_stored: bool = True
    """Whether it has a row; one that has none follows the standing limit."""

    @property
    def room_micros(self) -> int | None:
        """What may still be charged; None is no limit."""
        return room_of(self.limit_micros, self.spent_micros)

    def spend(self, micros: int) -> None:
        """Take, or with a negative amount give back; a limit that was kept up by what was spent comes down with it."""
        self.spent_micros += micros
        self.limit_micros = ruling_limit(self.asked_micros, self.spent_micros) if micros < 0 else self.limit_micros
        self._check()

    def ask(self, limit_micros: int | None) -> None:
        """Set another limit."""
        self.asked_micros = limit_micros
        self.limit_micros = ruling_limit(limit_micros, self.spent_micros)
        self._check()

    def row(self) -> Row:
        """Return the values of its row."""
        return (self.envelope_id, self.period, self.asked_micros, self.limit_micros, self.spent_micros)

    def _check(self) -> None:
        if self.spent_micros < 0 or (self.limit_micros is not None and self.spent_micros > self.limit_micros):
            raise AssertionError(f"envelope {self.envelope_id} would leave its bounds in {self.period or 'all time'}")
