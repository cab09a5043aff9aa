"""What the ledger tells others: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class AccountView:
    """One side of transfers, with its balance."""

    id: int
    key: str
    currency: str
    kind: str
    balance_micros: int
    opened_at_ms: int


@dataclass(frozen=True, slots=True)
class EnvelopeView:
    """A limit as it was declared."""

    id: int
    key: str
    kind: str
    currency: str
    account_id: int
    timezone: str
    """The zone that ruled when this was read off; another may follow at the next local midnight."""
    limit_micros: int | None
    """The standing limit; None is no limit. Of a ``balance`` envelope always 0: its period holds the limit."""
    closed_at_ms: int | None
    """Wire time."""


@dataclass(frozen=True, slots=True)
class EnvelopeState:
    """An envelope in the period of one moment."""

    envelope: EnvelopeView
    period: str
    limit_micros: int | None
    """The limit that rules the period; None is no limit."""
    spent_micros: int
    begins_at_ms: int = 0
    """World time at which the period began; 0 for what has none."""
    ends_at_ms: int | None = None
    """World time from which another period counts; None for what has none."""

    @property
    def room_micros(self) -> int | None:
        """What may still be charged; None is no limit."""
        return None if self.limit_micros is None else self.limit_micros - self.spent_micros

    @property
    def is_closed(self) -> bool:
        """Whether management closed it."""
        return self.envelope.closed_at_ms is not None


@dataclass(frozen=True, slots=True)
class PeriodView:
    """What an envelope held in one of its periods."""

    period: str
    limit_micros: int | None
    spent_micros: int


@dataclass(frozen=True, slots=True)
class TransferView:
    """A movement of money; ``entries`` are account keys and micros, in the order they were written."""

    id: int
    key: str | None
    currency: str
    reason: str
    actor: str
    memo: str
    at_ms: int
    """World time."""
    entries: tuple[tuple[str, int], ...]
    reverses: int | None
    """The transfer that this one undoes."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement as one account sees it."""

    transfer_id: int
    account_key: str
    amount_micros: int
    currency: str
    reason: str
    actor: str
    memo: str
    at_ms: int
    """World time."""
    reverses: int | None


class ChargeView(msgspec.Struct, frozen=True):
    """A charge as it was decided: ``charged``, or ``free`` for a reason."""

    id: int
    key: str
    currency: str
    amount_micros: int
    """What was asked."""
    outcome: str
    reason: str
    places: tuple[tuple[int, str], ...]
    """Envelope ids and periods."""
    legs: tuple[tuple[str, int], ...]
    decided_at_ms: int
    received_at_ms: int

    @property
    def charged_micros(self) -> int:
        """What it cost: all that was asked, or nothing."""
        return self.amount_micros if self.outcome == "charged" else 0


class Charged(msgspec.Struct, frozen=True):
    """What became of one charge that was asked for.

    ``outcome`` is ``charged``, ``free`` or ``conflict``: its key was used for another charge before, which stands, and
    nothing was recorded. ``is_repeated``: the same was asked before; this is the answer it got.
    """

    key: str
    outcome: str
    reason: str
    charged_micros: int
    is_repeated: bool = False
    places: tuple[tuple[int, str], ...] = ()
    """Envelope ids and the periods in which it was spent, or would have been; none of a conflict."""


@dataclass(frozen=True, slots=True)
class CurrencyTotals:
    """All accounts of a currency: what each kind of them holds together, and the head of the chain."""

    currency: str
    batches: int
    head_hash: str
    by_kind: dict[str, int]
    """Sum of balances in micros, by kind of account; the sums sum to zero."""
