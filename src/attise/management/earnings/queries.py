"""Reads of creators' money: balances, what made them, payouts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Sum

from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.kernel.paging import Page
from attise.kernel.seal import Sealer
from attise.ledger import queries as books
from attise.ledger import sums
from attise.ledger.sums import Moved, Named, Span
from attise.management.accounts import queries as accounts
from attise.management.accounts.payer import advertiser_of, earner_of
from attise.management.authorizations import queries as grants
from attise.management.earnings import rules
from attise.management.earnings.by_post import EarnedRow
from attise.management.earnings.errors import EarningsRefused
from attise.management.earnings.models import Payout, PayoutAccount
from attise.management.earnings.rules import OPEN, WAITING, Balance
from attise.management.earnings.views import PayoutAccountView, PayoutView, account_view, payout_view

SEAL = "payout-account"


def payable_of(creator_id: int) -> str:
    """Return the key of the account that holds what was approved for a creator and is not paid yet."""
    return f"payable:{creator_id}"


def list_currencies(creator_id: int) -> list[str]:
    """Return the currencies in which a creator ever earned, in their order. Cost: one statement."""
    return sorted(account.currency for account in books.list_accounts([earner_of(creator_id)]))


def balance_of(means: Means, *, creator_id: int, currency: str) -> Balance:
    """Return what a creator has in a currency. Within an open book it stays true until the unit ends.

    Cost: six statements; two of them read every earning of the creator.
    """
    key, payable = earner_of(creator_id), payable_of(creator_id)
    held = {account.key: account.balance_micros for account in books.list_accounts([key, payable], currency=currency)}
    set_aside = held.get(payable, 0)
    gone = books.sum_statement([payable], which=[books.Movements((rules.SENT,))], currency=currency).get(payable, 0)
    asked = Payout.objects.filter(creator_id=creator_id, currency=currency, state__in=WAITING)
    return rules.balance_of(
        currency,
        balance_micros=held.get(key, 0),
        recent_micros=sums.sum_since(key, currency, rules.matures_before_ms(means.clock.world_ms())),
        set_aside_micros=set_aside,
        paid_micros=-gone,
        asked_micros=int(asked.aggregate(sum=Sum("amount_micros"))["sum"] or 0),
    )


def list_balances(means: Means, *, creator_id: int) -> list[Balance]:
    """Return what a creator has in every currency. Raises: ``not_found``."""
    accounts.get_creator(creator_id)
    return [balance_of(means, creator_id=creator_id, currency=one) for one in list_currencies(creator_id)]


def list_earned(creator_id: int, currency: str, span: Span) -> list[EarnedRow]:
    """Return what a creator earned in a span by advertiser and grant, the largest first; what was given back too.

    Exact for advertisers, grants and posts that were authorized one by one: a charge names the envelope of the grant.
    A grant of a whole account does not say which post (``by_post``). Cost: four statements.
    """
    key = earner_of(creator_id)
    brought = sums.list_moved([key], currency, span)
    back = sums.list_moved([key], currency, span, given_back=True)
    named = sums.name_envelopes(envelope for one in (*brought, *back) for envelope in one.envelopes)
    earned: dict[tuple[int | None, int | None, bool], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in brought:
        row = earned[_source(one, named)]
        row[0] += one.amount_micros
        row[2] += one.count
    for one in back:
        earned[_source(one, named)][1] -= one.amount_micros
    posts = grants.posts_of_grants({grant for _, grant, _ in earned if grant is not None})
    rows = [
        EarnedRow(advertiser, grant, posts.get(grant or 0), is_fee, *amounts)
        for (advertiser, grant, is_fee), amounts in earned.items()
    ]
    return sorted(rows, key=lambda row: (-row.net_micros, row.advertiser_id or 0, row.authorization_id or 0))


def list_earned_in_all(creator_id: int, *, from_ms: int, to_ms: int) -> list[tuple[str, int]]:
    """Return what a creator earned in a span of world time, less what was given back in it, by currency.

    Cost: one statement, and two a currency, which read every entry of the creator's account in the span.
    """
    key, span = earner_of(creator_id), Span(from_ms=from_ms, to_ms=to_ms)
    found = []
    for currency in list_currencies(creator_id):
        brought = sum(one.amount_micros for one in sums.list_moved([key], currency, span))
        back = sum(one.amount_micros for one in sums.list_moved([key], currency, span, given_back=True))
        found.append((currency, brought + back))
    return found


def _source(moved: Moved, named: dict[int, Named]) -> tuple[int | None, int | None, bool]:
    """Return who paid and by which grant, as the envelopes of charges say; and whether it was the fee."""
    envelopes = [named[one] for one in moved.envelopes if one in named]
    payer = advertiser_of(envelopes[0].payer) if envelopes else None
    for one in envelopes:
        kind, _, rest = one.key.partition(":")
        if kind in {"grant", "fee"}:
            return payer, int(rest.partition(":")[0]), kind == "fee"
    return payer, None, False


def find_account(creator_id: int) -> PayoutAccountView | None:
    """Return where a creator is paid, or None."""
    row = newest_account(creator_id)
    return None if row is None else account_view(row)


def newest_account(creator_id: int) -> PayoutAccount | None:
    """Return the row of the account that counts; for this room alone."""
    return PayoutAccount.objects.filter(creator_id=creator_id).order_by("-id").first()


def open_number(means: Means, payout_id: int) -> str:
    """Return the whole number of the account that a payout goes to, for the operator who pays it.

    Raises: ``not_found``.
    """
    row = Payout.objects.select_related("account").filter(id=payout_id).first()
    if row is None:
        raise EarningsRefused(NOT_FOUND, field="payout_id")
    sealer = Sealer(means.secrets.key(SEAL), SEAL)
    plain = sealer.open(bytes(row.account.sealed), context=str(row.creator_id).encode())
    if plain is None:
        raise AssertionError("a sealed account does not open: were the secrets replaced?")
    return plain.decode()


def get_payout(payout_id: int, *, creator_id: int | None = None) -> PayoutView:
    """Return a payout, of a creator where one is named. Raises: ``not_found``."""
    rows = Payout.objects.select_related("account").filter(id=payout_id)
    row = (rows if creator_id is None else rows.filter(creator_id=creator_id)).first()
    if row is None:
        raise EarningsRefused(NOT_FOUND, field="payout_id")
    return payout_view(row)


def list_payouts(
    *, creator_id: int | None = None, is_open: bool | None = None, after: int | None = None, limit: int = 50
) -> Page[PayoutView]:
    """Return payouts, newest first; of a creator, or of all for the operator."""
    rows = Payout.objects.select_related("account")
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    if is_open is not None:
        rows = rows.filter(state__in=OPEN) if is_open else rows.exclude(state__in=OPEN)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [payout_view(row) for row in rows.order_by("-id")[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def creators_of(ids: Iterable[int]) -> dict[int, int]:
    """Return the creators of payouts, by id."""
    return dict(Payout.objects.filter(id__in=list(ids)).values_list("id", "creator_id"))
