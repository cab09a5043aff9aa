"""What stories of the ledger begin with: a payer with money and envelopes, and events to charge."""

from __future__ import annotations

from itertools import count

from django.db import transaction

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.ledger import actions, queries
from attise.ledger.views import EnvelopeState, TransferView
from attise.records.charge import Charge

OPERATOR = Actor("host", 1)
EURO = 1_000_000
PAYER = "advertiser:1"
OUTSIDE = "outside:manual"
REVENUE = "house:revenue"
_numbers = count(1)


def fund(means: Means, amount_micros: int, *, payer: str = PAYER, key: str | None = None) -> TransferView:
    with transaction.atomic():
        actions.open_account(means, key=payer, currency="EUR", is_prepaid=True)
        return actions.move(
            means,
            OPERATOR,
            key=key or f"funding:{next(_numbers)}",
            currency="EUR",
            reason="funding",
            entries={OUTSIDE: -amount_micros, payer: amount_micros},
        )


def an_envelope(
    means: Means, key: str, limit_micros: int | None, *, kind: str = "day", payer: str = PAYER, zone="Europe/Paris"
) -> int:
    with transaction.atomic():
        return actions.open_envelope(
            means, key=key, kind=kind, payer=payer, currency="EUR", timezone=zone, limit_micros=limit_micros
        ).id


def an_event(means: Means, envelopes: tuple[int, ...], amount_micros: int, **said) -> Charge:
    values = {
        "key": f"event:{next(_numbers)}",
        "legs": ((REVENUE, amount_micros),),
        "decided_at_ms": means.clock.world_ms(),
        "received_at_ms": means.clock.wire_ms(),
        **said,
    }
    return Charge(envelopes=envelopes, amount_micros=amount_micros, **values)


def charge(means: Means, *events: Charge):
    """Charge events in one batch; one answer for one event, else a list."""
    with transaction.atomic(), actions.batch(means, "EUR") as book:
        answers = actions.charge_many(book, events)
    return answers[0] if len(events) == 1 else answers


def envelope(means: Means, key: str) -> EnvelopeState:
    found = queries.find_envelope(key, at_ms=means.clock.world_ms())
    assert found is not None
    return found
