"""An advertiser with money, and what it spends."""

from __future__ import annotations

import pytest
from django.db import transaction

from attise.kernel.actor import Actor
from attise.ledger import actions as ledger
from attise.records.charge import Charge
from tests.builders import an_advertiser
from tests.management.campaigns.asked import EURO


@pytest.fixture
def fund(means):
    """Give an advertiser money."""

    def give(advertiser, euros: int = 10_000) -> None:
        payer, micros = f"advertiser:{advertiser.id}", euros * EURO
        with transaction.atomic():
            ledger.open_account(means, key=payer, currency=advertiser.currency, is_prepaid=True)
            ledger.move(
                means,
                Actor("host", 1),
                key=f"funding:{means.ids.next()}",
                currency=advertiser.currency,
                reason="funding",
                entries={"outside:manual": -micros, payer: micros},
            )

    return give


@pytest.fixture
def brand(means, fund):
    advertiser = an_advertiser(means)
    fund(advertiser)
    return advertiser


@pytest.fixture
def spend(means):
    """Charge so many euros to the envelopes of views, and say what became of it."""

    def charge(*views, euros: float, late_s: int = 0) -> str:
        micros = round(euros * EURO)
        envelopes = [one for view in views for one in (view.envelope_id, view.week_envelope_id) if one is not None]
        asked = Charge(
            key=f"event:{means.ids.next()}",
            envelopes=tuple(envelopes),
            amount_micros=micros,
            legs=(("house:revenue", micros),),
            decided_at_ms=means.clock.world_ms(),
            received_at_ms=means.clock.wire_ms() + late_s * 1000,
        )
        with transaction.atomic():
            done = ledger.charge(means, asked, currency="EUR")
        return done.reason or done.outcome

    return charge
