"""Whom the ads of a batch touched: what conversions are credited to later. Pure.

Only what was counted touches anybody; a click that was doubted leads to no credit.
"""

from __future__ import annotations

from attise.measurement.attribution.judging import TYPE_BITS, Prepared, Verdict
from attise.measurement.conversions.rules import TOUCHING, Touched, touch_of

_BITS = {type_: TYPE_BITS[type_] for type_ in TOUCHING}
_ANY = sum(_BITS.values())


def touches_of(prepared: Prepared, verdict: Verdict) -> list[Touched]:
    """Return the touches of a batch that was judged, one for each decision."""
    counted = {id_: one.counted & _ANY for id_, one in verdict.outcomes.items() if one.counted & _ANY}
    if not counted:
        return []
    # Of several tellings the earliest, and none that was doubted: so it makes no difference how events were cut into
    # batches.
    times: dict[int, dict[str, int]] = {}
    too_many = {id(looked) for looked in verdict.too_many}
    for looked in prepared.looked:
        event, claims = looked.event, looked.event.claims
        if event.type not in _BITS or claims is None or claims.decision_id not in counted:
            continue
        if not looked.doubt and id(looked) not in too_many:
            told = times.setdefault(claims.decision_id, {})
            told[event.type] = min(told.get(event.type, event.at_ms), event.at_ms)
    touches = []
    for decision_id, bits in counted.items():
        claims, told = verdict.outcomes[decision_id].claims, times.get(decision_id, {})
        # An impression may be counted because a later event implies it.
        happened = {type_: told.get(type_, claims.decided_at_ms) for type_, bit in _BITS.items() if bits & bit}
        touched = touch_of(claims, happened)
        if touched is not None:
            touches.append(touched)
    return touches
