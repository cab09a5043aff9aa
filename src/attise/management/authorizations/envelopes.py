"""What may be spent on a grant: the one place where this room speaks to the ledger.

Each advertiser's hold on a grant has an envelope of its own, since an envelope has one payer: its limit is the cap of
the grant's terms, if they have one, so that the cap is what each of several advertisers may spend. It is open as long
as the hold lives: what was decided before a revocation costs nothing when it comes more than a minute after it. Callers
hold the grant's row, and call late: the ledger's own lock is held from here to the end of the unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.management.accounts import queries as accounts
from attise.management.authorizations.models import Authorization, Binding
from attise.records.terms import Terms

NOTHING = 0


def key_of(binding: Binding) -> str:
    """Return the key of the envelope of a hold."""
    return f"grant:{binding.authorization_id}:{binding.advertiser_id}"


def limit_of(terms: Terms, currency: str) -> int | None:
    """Return what an advertiser that pays in ``currency`` may spend, in micros; None is no limit.

    A cap in another currency cannot be kept, so nothing is spent on such a grant; blockers say so beforehand.
    """
    if terms.spend_cap_micros is None:
        return None
    return terms.spend_cap_micros if terms.currency == currency else NOTHING


def open_hold(means: Means, binding: Binding, terms: Terms) -> None:
    """Open the envelope of a hold that begins, or begins again, and note it on the hold."""
    payer = accounts.get_advertiser(binding.advertiser_id)
    with ledger.batch(means, payer.currency):
        envelope = ledger.open_envelope(
            means,
            key=key_of(binding),
            kind="grant",
            payer=f"advertiser:{payer.id}",
            currency=payer.currency,
            timezone=payer.timezone,
            limit_micros=limit_of(terms, payer.currency),
        )
        if binding.envelope_id is not None:
            ledger.set_limit(means, key=key_of(binding), limit_micros=limit_of(terms, payer.currency))
            ledger.reopen_envelope(means, key=key_of(binding))
    if binding.envelope_id != envelope.id:
        binding.envelope_id = envelope.id
        binding.save(update_fields=["envelope_id"])


def set_caps(means: Means, row: Authorization, terms: Terms) -> None:
    """Have new terms limit what is spent from now on, never below what is spent."""
    for currency, holds in _by_currency(_holds([row.id])):
        with ledger.batch(means, currency):
            for binding in holds:
                ledger.set_limit(means, key=key_of(binding), limit_micros=limit_of(terms, currency))


def close_holds(means: Means, holds: Iterable[Binding]) -> None:
    """Let nothing be spent on holds any more; what was received within a minute is still paid for."""
    for currency, bindings in _by_currency(holds):
        with ledger.batch(means, currency):
            for binding in bindings:
                ledger.close_envelope(means, key=key_of(binding))


def close_grants(means: Means, authorization_ids: Collection[int]) -> None:
    """Close the envelopes of all who hold grants that are over. Cost: nothing for no grants."""
    if authorization_ids:
        close_holds(means, _holds(authorization_ids))


def _holds(authorization_ids: Collection[int]) -> list[Binding]:
    rows = Binding.objects.select_related("advertiser")
    return list(rows.filter(authorization_id__in=authorization_ids, ended_at_ms__isnull=True))


def _by_currency(holds: Iterable[Binding]) -> Iterator[tuple[str, list[Binding]]]:
    """Give holds that have an envelope by the currency of who pays, in the order in which books are opened."""
    with_envelope = [binding for binding in holds if binding.envelope_id is not None]
    in_order = sorted(with_envelope, key=lambda binding: (binding.advertiser.currency, binding.id))
    for currency, found in groupby(in_order, key=lambda binding: binding.advertiser.currency):
        yield currency, list(found)
