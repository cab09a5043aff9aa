"""Statements: what the ledger says of somebody over local days, of 23, 24 or 25 hours, day by day and line by line.

Nothing is stored: a statement is read off what is sealed at the moment of asking, and says up to which batch.
Invariant: opening + everything in between = closing, to the micro.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from attise.kernel.limits import HOUR_MS
from attise.ledger import days, sums
from attise.ledger import queries as books
from attise.ledger.queries import Movements
from attise.ledger.sums import Moved, Span
from attise.ledger.views import StatementLine
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import advertiser_of, creator_of, earner_of, payer_of
from attise.management.authorizations import queries as grants
from attise.management.billing.rules import GIVEN_BACK
from attise.management.invoices.rules import check_days

MOST_MOVEMENTS = 10_000


@dataclass(frozen=True, slots=True)
class StatementDay:
    """What events did on one local day, in micros: to an advertiser what they cost, to a creator what they brought."""

    day: dt.date
    hours: int
    """How long the day is: 23, 24 or 25."""
    events: int
    moved_micros: int
    given_back_micros: int
    """By acts of that day."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's money over some local days."""

    currency: str
    timezone: str
    first: dt.date
    last: dt.date
    batch: int
    """The last sealed batch that it tells of."""
    opening_micros: int
    days: tuple[StatementDay, ...]
    """Days on which something happened, oldest first."""
    movements: tuple[StatementLine, ...]
    """What no event made, oldest first: funding, refunds, transfers, payouts."""
    closing_micros: int

    @property
    def events(self) -> int:
        """How many events there were."""
        return sum(day.events for day in self.days)

    @property
    def moved_micros(self) -> int:
        """What events moved, as a day tells it."""
        return sum(day.moved_micros for day in self.days)

    @property
    def given_back_micros(self) -> int:
        """What was given back of events."""
        return sum(day.given_back_micros for day in self.days)


@dataclass(frozen=True, slots=True)
class GrantDay:
    """What a grant cost one advertiser on one local day, and what of it its creator had."""

    day: dt.date
    advertiser_id: int
    events: int
    spent_micros: int
    creator_micros: int


@dataclass(frozen=True, slots=True)
class GrantStatement:
    """A grant over some local days; what was given back is taken off on the day of the act."""

    authorization_id: int
    currency: str
    timezone: str
    first: dt.date
    last: dt.date
    days: tuple[GrantDay, ...]

    @property
    def spent_micros(self) -> int:
        """What advertisers spent on it."""
        return sum(day.spent_micros for day in self.days)

    @property
    def creator_micros(self) -> int:
        """What its creator had."""
        return sum(day.creator_micros for day in self.days)


@dataclass(frozen=True, slots=True)
class GrantSum:
    """What a grant cost one advertiser over some days, in micros; what was given back is taken off."""

    authorization_id: int
    events: int
    spent_micros: int


def of_advertiser(*, advertiser_id: int, first: dt.date, last: dt.date) -> Statement:
    """Return the statement of an advertiser, in its own zone. Raises: ``not_found``, ``statement_days_wrong``."""
    one = accounts.get_advertiser(advertiser_id)
    return _statement(payer_of(one.id), one.currency, one.timezone, first, last, sign=-1)


def of_creator(*, creator_id: int, currency: str, first: dt.date, last: dt.date, timezone: str = "UTC") -> Statement:
    """Return the statement of what a creator has in a currency; a creator declares no zone, so it is said.

    Raises: ``not_found``, ``statement_days_wrong``.
    """
    one = accounts.get_creator(creator_id)
    return _statement(earner_of(one.id), currency, timezone, first, last, sign=1)


def of_grant(
    *,
    authorization_id: int,
    creator_id: int,
    currency: str,
    first: dt.date,
    last: dt.date,
    timezone: str = "UTC",
    advertiser_id: int | None = None,
) -> GrantStatement:
    """Return what a grant of a creator cost and brought, day by day; to one advertiser alone where it is named.

    Raises: ``statement_days_wrong``.
    """
    check_days(first, last)
    span = Span(days.start_of_day_ms(timezone, first), days.start_of_day_ms(timezone, last + days.ONE_DAY))
    payers = [one for one in grants.holders_ever(authorization_id) if advertiser_id in (None, one)]
    keys = [payer_of(one) for one in payers]
    everyone = [*keys, earner_of(creator_id)]
    brought = sums.list_moved(everyone, currency, span)
    back = sums.list_moved(everyone, currency, span, given_back=True)
    named = sums.name_envelopes(envelope for one in (*brought, *back) for envelope in one.envelopes)
    wanted = {
        one.id: advertiser_of(one.payer)
        for one in named.values()
        if one.key.split(":")[:2] in (["grant", str(authorization_id)], ["fee", str(authorization_id)])
    }
    amounts: dict[tuple[dt.date, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for is_back, moved in ((False, brought), (True, back)):
        for one in moved:
            payer = next((wanted[envelope] for envelope in one.envelopes if envelope in wanted), None)
            if payer is None or (advertiser_id is not None and payer != advertiser_id):
                continue
            row = amounts[days.local_day(timezone, one.quarter_ms), payer]
            if creator_of(one.account_key) is not None:
                row[2] += one.amount_micros
            else:
                row[1] -= one.amount_micros
                row[0] += 0 if is_back else one.count
    rows = tuple(GrantDay(day, payer, *row) for (day, payer), row in sorted(amounts.items()))
    return GrantStatement(authorization_id, currency, timezone, first, last, rows)


def list_grants(*, advertiser_id: int, first: dt.date, last: dt.date) -> list[GrantSum]:
    """Return what each grant cost an advertiser over days of its own zone, the dearest first.

    Raises: ``not_found``, ``statement_days_wrong``. Cost: five statements.
    """
    one = accounts.get_advertiser(advertiser_id)
    check_days(first, last)
    span = Span(days.start_of_day_ms(one.timezone, first), days.start_of_day_ms(one.timezone, last + days.ONE_DAY))
    key = payer_of(one.id)
    brought = sums.list_moved([key], one.currency, span)
    back = sums.list_moved([key], one.currency, span, given_back=True)
    named = sums.name_envelopes(envelope for moved in (*brought, *back) for envelope in moved.envelopes)
    amounts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for moved in (*brought, *back):
        for envelope in moved.envelopes:
            kind, _, rest = named[envelope].key.partition(":") if envelope in named else ("", "", "")
            if kind in {"grant", "fee"}:
                row = amounts[int(rest.partition(":")[0])]
                row[0] += moved.count if moved.amount_micros < 0 else 0
                row[1] -= moved.amount_micros
                break
    rows = [GrantSum(authorization_id, *row) for authorization_id, row in amounts.items()]
    return sorted(rows, key=lambda row: (-row.spent_micros, row.authorization_id))


def days_of(account_key: str, currency: str, timezone: str, span: Span, *, sign: int) -> tuple[StatementDay, ...]:
    """Return what events moved in an account by local day. ``sign`` −1 tells what left it as above zero."""
    brought = _by_day(sums.list_moved([account_key], currency, span), timezone)
    back = _by_day(sums.list_moved([account_key], currency, span, given_back=True), timezone)
    return tuple(
        StatementDay(
            day,
            _hours(timezone, day),
            brought.get(day, (0, 0))[1],
            sign * brought.get(day, (0, 0))[0],
            -sign * back.get(day, (0, 0))[0],
        )
        for day in sorted({*brought, *back})
    )


def _statement(
    account_key: str, currency: str, timezone: str, first: dt.date, last: dt.date, *, sign: int
) -> Statement:
    check_days(first, last)
    from_ms, to_ms = days.start_of_day_ms(timezone, first), days.start_of_day_ms(timezone, last + days.ONE_DAY)
    number = sums.last_number(currency)
    span = Span(from_ms, to_ms, number)
    which = [Movements(but_reasons=GIVEN_BACK)]
    page = books.page_statement([account_key], 1, MOST_MOVEMENTS, which=which, from_ms=from_ms, to_ms=to_ms)
    movements = tuple(line for line in reversed(page.items) if line.currency == currency)
    return Statement(
        currency=currency,
        timezone=timezone,
        first=first,
        last=last,
        batch=number,
        opening_micros=sums.sum_moved([account_key], currency, Span(to_ms=from_ms, number=number)),
        days=days_of(account_key, currency, timezone, span, sign=sign),
        movements=movements,
        closing_micros=sums.sum_moved([account_key], currency, Span(to_ms=to_ms, number=number)),
    )


def _by_day(moved: Iterable[Moved], timezone: str) -> dict[dt.date, tuple[int, int]]:
    """Return micros and events by local day."""
    found: dict[dt.date, tuple[int, int]] = {}
    for one in moved:
        day = days.local_day(timezone, one.quarter_ms)
        micros, count = found.get(day, (0, 0))
        found[day] = (micros + one.amount_micros, count + one.count)
    return found


def _hours(timezone: str, day: dt.date) -> int:
    """Return how many hours a local day has."""
    begin_ms, end_ms = (days.start_of_day_ms(timezone, one) for one in (day, day + days.ONE_DAY))
    return (end_ms - begin_ms) // HOUR_MS
