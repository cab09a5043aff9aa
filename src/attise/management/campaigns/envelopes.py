"""Budgets as envelopes: the one place where this room speaks to the ledger.

A campaign and an ad group each have an envelope from their creation on, whose key says whose it is. Its limit is the
budget: of a day, of the whole, or none where the budget is the other level's; a dynamic daily budget has a second one
for the week. What is paused or deleted is closed, so that what was decided before stops costing a minute later; what
resumes is reopened. Whoever calls holds the rows' locks, and calls late: the ledger's own lock is held from here to the
end of the unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.ledger import queries as books
from attise.ledger.views import EnvelopeState
from attise.management.accounts.payer import payer_of
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns.models import AdGroup, Campaign
from attise.management.campaigns.rules.budgets import DYNAMIC_DAILY, check_spent, limits_of
from attise.management.campaigns.standing import Spent
from attise.records.lookups import currencies

Budgeted = Campaign | AdGroup


class Payer(Protocol):
    """What is asked of an advertiser, be it a view or a row."""

    @property
    def id(self) -> int:
        """Its id."""
        ...

    @property
    def currency(self) -> str:
        """What it pays in."""
        ...


@dataclass(frozen=True, slots=True)
class Spending:
    """What is spent of a budget in its current period, and of its week; None as limit: no limit. Micros."""

    spent_micros: int = 0
    limit_micros: int | None = None
    week_spent_micros: int = 0
    week_limit_micros: int | None = None
    smallest_micros: int = 1
    """What the currency can write: less than that left is nothing left."""

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of the period, or of the week."""
        return self._nothing_left(self.limit_micros, self.spent_micros) or self._nothing_left(
            self.week_limit_micros, self.week_spent_micros
        )

    def _nothing_left(self, limit_micros: int | None, spent_micros: int) -> bool:
        return limit_micros is not None and limit_micros - spent_micros < self.smallest_micros


def key_of(row: Budgeted, *, week: bool = False) -> str:
    """Return the key of a row's envelope."""
    name = "campaign" if isinstance(row, Campaign) else "adgroup"
    return f"{name}:{row.pk}:week" if week else f"{name}:{row.pk}"


def open_budget(means: Means, row: Budgeted, advertiser: AdvertiserView) -> None:
    """Open the envelopes of a new row and note their ids on it; the caller saves it."""
    limits = limits_of(row.budget_mode, row.budget_micros)
    asked = {
        "payer": payer_of(advertiser.id),
        "currency": advertiser.currency,
        "timezone": advertiser.timezone,
    }
    with ledger.batch(means, advertiser.currency):
        main = ledger.open_envelope(
            means,
            key=key_of(row),
            kind="day" if limits.is_daily else "total",
            limit_micros=limits.main_micros,
            **asked,
        )
        row.envelope_id = main.id
        if row.budget_mode == DYNAMIC_DAILY:
            week = ledger.open_envelope(
                means, key=key_of(row, week=True), kind="week", limit_micros=limits.week_micros, **asked
            )
            row.week_envelope_id = week.id


def set_budgets(means: Means, rows: Iterable[Budgeted], advertiser: AdvertiserView) -> None:
    """Have the new budgets of rows rule their current periods at once.

    Nothing is charged between the look at what is spent and the new limit. Raises: ``budget_under_spend``.
    """
    rows = list(rows)
    with ledger.batch(means, advertiser.currency):
        spending = spending_of(rows, advertiser, now_ms=means.clock.world_ms())
        for row in rows:
            spent = spending.of(row)
            if row.budget_micros is not None:
                check_spent(
                    row.budget_mode,
                    row.budget_micros,
                    spent_micros=spent.spent_micros,
                    week_spent_micros=spent.week_spent_micros,
                    currency=advertiser.currency,
                )
        _set_limits(means, rows)


def begin_budgets(means: Means, rows: Iterable[Budgeted], currency: str) -> None:
    """Have budgets rule that were to begin by now; where more is spent already, what is spent is the limit."""
    with ledger.batch(means, currency):
        _set_limits(means, rows)


def _set_limits(means: Means, rows: Iterable[Budgeted]) -> None:
    for row in rows:
        limits = limits_of(row.budget_mode, row.budget_micros)
        ledger.set_limit(means, key=key_of(row), limit_micros=limits.main_micros)
        if row.week_envelope_id is not None:
            ledger.set_limit(means, key=key_of(row, week=True), limit_micros=limits.week_micros)


def close_budgets(means: Means, rows: Iterable[Budgeted], currency: str) -> None:
    """Stop what rows may cost: events received more than a minute from now are free."""
    with ledger.batch(means, currency):
        for row in rows:
            ledger.close_envelope(means, key=key_of(row))


def reopen_budgets(means: Means, rows: Iterable[Budgeted], currency: str) -> None:
    """Let rows cost again."""
    with ledger.batch(means, currency):
        for row in rows:
            ledger.reopen_envelope(means, key=key_of(row))


@dataclass(frozen=True, slots=True)
class Spendings:
    """What is spent of several budgets, and whether the advertiser can pay."""

    advertiser_id: int
    is_balance_spent: bool
    by_key: dict[str, Spending]
    ids: dict[str, int]
    """Of rows, by their keys."""

    def of(self, row: Budgeted) -> Spending:
        """Return what is spent of a row's budget."""
        return self.by_key[key_of(row)]

    def as_spent(self) -> Spent:
        """Return what money stands against, by id."""
        return Spent(
            advertisers=frozenset({self.advertiser_id} if self.is_balance_spent else ()),
            budgets=frozenset(self.ids[key] for key, spending in self.by_key.items() if spending.is_spent),
        )


def spending_of(rows: Iterable[Budgeted], advertiser: Payer, *, now_ms: int) -> Spendings:
    """Return what is spent of the budgets of rows of one advertiser, and of its balance. Cost: one query."""
    rows = list(rows)
    keys = [key_of(row) for row in rows]
    keys += [key_of(row, week=True) for row in rows if row.week_envelope_id is not None]
    balance_key = payer_of(advertiser.id)
    states = books.list_envelopes([*keys, balance_key], at_ms=now_ms)
    smallest = currencies.get(advertiser.currency).smallest_micros
    by_key = {
        key_of(row): _spending(states.get(key_of(row)), states.get(key_of(row, week=True)), smallest) for row in rows
    }
    balance = states.get(balance_key)
    return Spendings(
        advertiser_id=advertiser.id,
        is_balance_spent=not _holds(balance, smallest),
        by_key=by_key,
        ids={key_of(row): row.pk for row in rows},
    )


def spent_of_groups(groups: Iterable[AdGroup], *, now_ms: int) -> Spent:
    """Return what money stands against, for the ads of ad groups of any advertisers.

    Rows come with ``campaign`` and ``advertiser``. Cost: one query, none for no ad groups.
    """
    rows: dict[str, Budgeted] = {}
    payers: dict[str, Payer] = {}
    for group in groups:
        rows.setdefault(key_of(group), group)
        rows.setdefault(key_of(group.campaign), group.campaign)
        payers.setdefault(payer_of(group.advertiser_id), group.advertiser)
    if not rows:
        return Spent()
    weeks = [key_of(row, week=True) for row in rows.values() if row.week_envelope_id is not None]
    states = books.list_envelopes([*rows, *weeks, *payers], at_ms=now_ms)
    smallest = {payer.id: currencies.get(payer.currency).smallest_micros for payer in payers.values()}
    spent = {
        row.pk
        for key, row in rows.items()
        if _spending(states.get(key), states.get(key_of(row, week=True)), smallest[row.advertiser_id]).is_spent
    }
    empty = {payer.id for key, payer in payers.items() if not _holds(states.get(key), smallest[payer.id])}
    return Spent(frozenset(empty), frozenset(spent))


def _holds(balance: EnvelopeState | None, smallest_micros: int) -> bool:
    """Tell whether a balance holds anything that can be spent."""
    return balance is not None and (balance.room_micros or 0) >= smallest_micros


def _spending(main: EnvelopeState | None, week: EnvelopeState | None, smallest_micros: int) -> Spending:
    return Spending(
        spent_micros=0 if main is None else main.spent_micros,
        limit_micros=None if main is None else main.limit_micros,
        week_spent_micros=0 if week is None else week.spent_micros,
        week_limit_micros=None if week is None else week.limit_micros,
        smallest_micros=smallest_micros,
    )
