"""What verifying reads of conversions: rows as they stand, and the first credit that is not what the rows say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attise.measurement.conversions import evidence, rules
from attise.measurement.conversions.models import Conversion, MatchKey, Touch
from attise.measurement.conversions.rules import Touched

TOLD: Final = (
    *("standing", "pixel_id", "advertiser_id", "event", "event_id", "source", "told_by_both", "copies", "at_ms"),
    *("received_at_ms", "value_micros", "currency", "contents", "has_consent", "click_id", "decision_id"),
    *("page_host", "doubt"),
)
"""What a conversion's row says by what was told."""
LET_GO: Final = frozenset({"click_id", "decision_id", "page_host"})
"""Of these, what goes when somebody is forgotten."""
AT_ONCE: Final = 500
Told = dict[str, Any]


def told_of(row: Conversion) -> Told:
    """Return the values of ``TOLD``, and whether the row is final."""
    return {name: getattr(row, name) for name in (*TOLD, "is_final")}


def iterate_touches() -> Iterator[Touched]:
    """Yield all touches."""
    for row in Touch.objects.iterator():
        yield evidence.touched_of(row)


def iterate_told() -> Iterator[tuple[int, Told]]:
    """Yield, by conversion, what was told of it."""
    for row in Conversion.objects.values("id", *TOLD, "is_final").iterator():
        yield row.pop("id"), row


def iterate_names() -> Iterator[tuple[int, str, bytes]]:
    """Yield the hashed names of conversions that are not final, each with its conversion and kind."""
    rows = MatchKey.objects.filter(conversion__is_final=False).values_list("conversion_id", "kind", "value")
    for conversion_id, kind, value in rows.iterator():
        yield conversion_id, kind, bytes(value)


def first_wrong_credit() -> str | None:
    """Return the first conversion whose credit is not what touches and names say, in words; None where all are.

    Cost: five statements for every ``AT_ONCE`` conversions; memory by those that are credited.
    """
    counted: dict[tuple[int, str], list[tuple[int, int, bool]]] = {}
    after = 0
    while rows := list(Conversion.objects.filter(id__gt=after).order_by("id")[:AT_ONCE]):
        after = rows[-1].id
        wrong = _first_wrong(rows)
        if wrong is not None:
            return wrong
        for row in rows:
            if row.credited_decision_id:
                group = counted.setdefault((row.credited_decision_id, row.event), [])
                group.append((row.at_ms, row.id, row.is_counted))
            elif row.is_counted:
                return f"conversion {row.id} counts and is credited to nothing"
    return _first_miscounted(counted)


def _first_wrong(rows: Sequence[Conversion]) -> str | None:
    good = [row for row in rows if row.standing == Conversion.Standing.GOOD]
    found = evidence.touches_for([row for row in good if not row.is_final])
    for row in rows:
        stored = tuple(getattr(row, name) for name in evidence.RESULT)
        if row.standing == Conversion.Standing.GOOD:
            if row.is_final:
                continue
            credit = rules.credit_of(found.get(row.id, ()), at_ms=row.at_ms, click_decision_id=row.decision_id)
            expected = evidence.result_of(credit)
        else:
            expected = evidence.result_of(None)
        if stored != expected:
            return f"credit of conversion {row.id}: {expected} by touches and names, {stored} by the house"
    return None


def _first_miscounted(counted: dict[tuple[int, str], list[tuple[int, int, bool]]]) -> str | None:
    """Return the first conversion of which it is wrong whether it counts; whose touch went is passed over."""
    once: dict[int, bool] = {}
    for part in evidence.parts({decision_id for decision_id, _ in counted}):
        once.update(Touch.objects.filter(decision_id__in=part).values_list("decision_id", "counts_once"))
    for (decision_id, event), group in sorted(counted.items()):
        if decision_id not in once:
            continue
        for place, (_, id_, is_counted) in enumerate(sorted(group)):
            expected = place == 0 or not once[decision_id]
            if is_counted != expected:
                says = "counts" if is_counted else "does not count"
                return f"conversion {id_} ({event} after decision {decision_id}) {says} by the house alone"
    return None
