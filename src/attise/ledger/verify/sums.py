"""What is kept beside the chains: heads, running balances, what envelopes have spent, and rows that no batch holds."""

from __future__ import annotations

from attise.ledger.models import Account, Batch, Charge, Entry, Envelope, EnvelopePeriod, Head, Transfer
from attise.ledger.rules import ENDLESS
from attise.ledger.verify.count import Count, Difference


def compare(count: Count) -> None:
    """Compare everything that was counted with what is kept. Raises: Difference."""
    _compare_heads(count)
    _compare_kept(count)
    _compare_rows(count)
    _compare_accounts(count)
    _compare_envelopes(count)


def _compare_heads(count: Count) -> None:
    heads = {head.currency: (head.number, head.hash) for head in Head.objects.all() if head.number}
    for currency in sorted(heads.keys() | count.ends.keys()):
        if heads.get(currency) != count.ends.get(currency):
            number = count.ends.get(currency, (0, ""))[0]
            raise Difference(f"{currency}: the chain ends at batch {number}, which its head does not know as the last")


def _compare_kept(count: Count) -> None:
    """Find the heads that were kept and that no batch has any more."""
    for currency, number in sorted(count.kept):
        end = count.ends.get(currency, (0, ""))[0]
        raise Difference(f"{currency}: the chain ends at batch {end}, and the hash of batch {number} was kept before")


def _compare_rows(count: Count) -> None:
    """Find rows that no batch of any chain holds."""
    for model, counted in (
        (Batch, count.batches),
        (Transfer, count.transfers),
        (Entry, count.entries),
        (Charge, count.charges),
    ):
        there = model.objects.count()
        if there != counted:
            table = model._meta.db_table  # noqa: SLF001 - Django's public meta
            raise Difference(f"{table}: {there} rows are there, {counted} of them sealed in a batch")


def _compare_accounts(count: Count) -> None:
    sums: dict[str, int] = {}
    for row in Account.objects.order_by("id").iterator():
        counted = count.accounts.pop(row.id, None)
        summed = 0 if counted is None else counted.sum_micros
        if row.balance_micros != summed:
            raise Difference(f"account {row.key} ({row.currency}): {row.balance_micros} is kept, {summed} was moved")
        sums[row.currency] = sums.get(row.currency, 0) + summed
    for currency, summed in sorted(sums.items()):
        if summed:
            raise Difference(f"{currency}: all accounts together hold {summed} instead of nothing")


def _compare_envelopes(count: Count) -> None:
    """Compare spends with charges, limits with spends, and balances with the accounts they bound."""
    names = dict(Envelope.objects.values_list("id", "key"))
    for row in EnvelopePeriod.objects.order_by("envelope_id", "period").iterator():
        where = f"envelope {names.get(row.envelope_id, row.envelope_id)}, {row.period or 'all time'}"
        spent = count.spent.pop((row.envelope_id, row.period), 0)
        if row.spent_micros != spent:
            raise Difference(f"{where}: {row.spent_micros} is kept as spent, {spent} was charged")
        if row.limit_micros is not None and not (row.asked_micros or 0) <= row.limit_micros >= spent:
            raise Difference(f"{where}: {spent} was charged within a limit of {row.limit_micros}")
    for (envelope_id, period), spent in sorted(count.spent.items()):
        if spent:
            where = f"envelope {names.get(envelope_id, envelope_id)}, {period or 'all time'}"
            raise Difference(f"{where}: {spent} was charged, nothing is kept as spent")
    balances = EnvelopePeriod.objects.filter(envelope__kind=Envelope.Kind.BALANCE, period=ENDLESS)
    for row in balances.select_related("envelope__account").order_by("envelope_id").iterator():
        account = row.envelope.account
        if row.limit_micros - row.spent_micros != account.balance_micros:
            raise Difference(
                f"account {account.key}: it holds {account.balance_micros}, its envelope has room for "
                f"{row.limit_micros - row.spent_micros}"
            )
