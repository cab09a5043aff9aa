"""Reads of attribution: what came of decisions, up to where the log is settled, and up to where totals speak."""

from __future__ import annotations

from dataclasses import dataclass

from attise.ledger.queries import has_touched, newest_touched
from attise.measurement.attribution.models import Changed, Head, Outcome, Position
from attise.measurement.attribution.reading import Mark
from attise.records.totals import TotalsHead


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What came of one decision that chose an ad. ``counted`` and ``doubted`` are types as bits (``judging``)."""

    decision_id: int
    ad_id: int
    counted: int
    doubted: int
    doubt: str
    watch_ms: int
    charged_micros: int
    currency: str
    outcome: str
    """``charged``, ``free``, or empty: no charge was asked for."""
    reason: str


def get_head() -> TotalsHead:
    """Return up to where totals speak. Cost: one keyed read."""
    found = Head.objects.filter(id=1).values_list("version", "published_at_ms", "counted_to_ms").first()
    if found is None:
        raise AssertionError("the head row of attribution is missing")
    return TotalsHead(*found)


def find_outcome(decision_id: int) -> OutcomeView | None:
    """Return what came of a decision, or None where nothing has. Cost: one keyed read."""
    names = OutcomeView.__dataclass_fields__
    found = Outcome.objects.filter(decision_id=decision_id).values_list(*names).first()
    return None if found is None else OutcomeView(*found)


def get_mark() -> Mark:
    """Return up to where the log is settled. Cost: one keyed read."""
    return Mark(*Position.objects.values_list("position", "entries").get(id=1))


@dataclass(frozen=True, slots=True)
class Untold:
    """Up to where lists of what totals are still to tell reach, at one moment."""

    changed: int
    touched: int


def get_untold() -> Untold:
    """Return up to where there is something to tell. Cost: two statements."""
    return Untold(Changed.objects.order_by("-id").values_list("id", flat=True).first() or 0, newest_touched())


def is_told(upto: Untold) -> bool:
    """Tell whether totals say all that was settled and set up to a moment. Cost: two statements."""
    return not Changed.objects.filter(id__lte=upto.changed).exists() and not has_touched(upto=upto.touched)
