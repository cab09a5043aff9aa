"""Creators who earn: charges as settled events make them, through the ledger alone."""

from __future__ import annotations

from itertools import count

from django.db import transaction

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.management.accounts.models import Advertiser, Creator
from attise.management.accounts.payer import earner_of, payer_of
from attise.management.earnings.actions import name_account
from attise.management.earnings.models import Payout
from attise.management.invoices.models import Invoice
from attise.management.invoices.rules import Body, Line, Party, encode, text_of_number
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


def a_payout(means: Means, creator: Creator, *, state: str = "asked", amount_micros: int = EURO) -> Payout:
    """A payout as rows, with the account that it goes to."""
    view = name_account(means, Actor("host", 1), creator_id=creator.id, holder="Léa Martin", number="0123456789")
    return Payout.objects.create(
        id=means.ids.next(),
        creator_id=creator.id,
        account_id=view.id,
        currency="EUR",
        amount_micros=amount_micros,
        state=state,
        asked_by="host:1",
        asked_at_ms=means.clock.world_ms(),
    )


def an_invoice(means: Means, brand: Advertiser, *, number: int = 1, kind: str = "invoice") -> Invoice:
    """A paper as a row."""
    series = "F-2026" if kind == "invoice" else "A-2026"
    line = Line("campaign", "Automne", "7507931062747136001", 18_423, 1_234_567_890)
    body = Body(
        kind=kind,
        number=text_of_number(series, number),
        period="2026-10",
        timezone="Europe/Paris",
        currency="EUR",
        issued_on="2026-11-03",
        issuer=Party("Maison Vidéo SAS", "1 rue des Prés\n75001 Paris", "RCS Paris 123 456 789"),
        mention="",
        advertiser=Party(brand.company, country="FR"),
        lines=(line, Line("fee", "@lea.peau", "11", 1, 200 * EURO), Line("campaign", "Été", "12", 3, 5, is_late=True)),
        total_micros=1_434_567_895,
        rounded_micros=1_434_570_000,
    )
    text, digest = encode(body)
    return Invoice.objects.create(
        id=means.ids.next(),
        kind=kind,
        series=series,
        number=number,
        advertiser_id=brand.id,
        currency="EUR",
        period="2026-10",
        to_ms=means.clock.world_ms(),
        told_number=0,
        total_micros=body.total_micros,
        body=text,
        hash=digest,
        issued_at_ms=means.clock.world_ms(),
    )


__all__ = ["EURO", "a_payout", "an_envelope", "an_invoice", "charge", "funded"]
