"""Creators who earn: charges as settled events make them, through the ledger alone."""

from __future__ import annotations

from itertools import count

from django.db import transaction

from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.management.accounts.models import Advertiser, Creator
from attise.management.accounts.payer import earner_of, payer_of
from attise.records.charge import Charge
from tests.management.campaigns.town import funded

EURO = 1_000_000
PPM = 1_000_000
_numbers = count(1)


def an_envelope(means: Means, brand: Advertiser, key: str, *, kind: str = "total") -> int:
    """Open an envelope without a limit, or find it."""
    with transaction.atomic():
        return ledger.open_envelope(
            means,
            key=key,
            kind=kind,
            payer=payer_of(brand.id),
            currency=brand.currency,
            timezone=brand.timezone,
            limit_micros=None,
        ).id


def charge(
    means: Means,
    brand: Advertiser,
    creator: Creator | None,
    *amounts: int,
    share_ppm: int = 300_000,
    fee_ppm: int = 100_000,
    at_ms: int | None = None,
    grant: int | None = None,
    campaign: int | None = None,
) -> list[str]:
    """Charge events as settle does: the creator's share, the platform's fee, the rest. Returns their keys."""
    envelopes = [an_envelope(means, brand, f"campaign:{campaign or brand.id}", kind="day")]
    if grant is not None:
        envelopes.append(an_envelope(means, brand, f"grant:{grant}:{brand.id}", kind="grant"))
    decided_ms = means.clock.world_ms() if at_ms is None else at_ms
    asked = []
    for amount in amounts:
        share = amount * share_ppm // PPM if creator is not None else 0
        fee = amount * fee_ppm // PPM
        paid = {"house:fees": fee, "house:revenue": amount - share - fee}
        if creator is not None:
            paid[earner_of(creator.id)] = share
        asked.append(
            Charge(
                key=f"event:{next(_numbers):032x}",
                envelopes=tuple(envelopes),
                amount_micros=amount,
                legs=tuple((key, micros) for key, micros in sorted(paid.items()) if micros),
                decided_at_ms=decided_ms,
                received_at_ms=means.clock.wire_ms(),
            )
        )
    with transaction.atomic(), ledger.batch(means, brand.currency) as book:
        answers = ledger.charge_many(book, asked)
    assert {one.outcome for one in answers} == {"charged"}
    return [one.key for one in answers]


__all__ = ["EURO", "an_envelope", "charge", "funded"]
