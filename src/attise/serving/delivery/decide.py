"""One decision for each slot of an answer: search, gates, prediction, value, auction, price, record.

Step 3 of *a viewer's feed request is decided*; before: ``feed`` (slots), after: the answer and the log. Everything is
in the arguments: the same request, state, memory and slots give the same decisions, byte for byte. Nothing here waits,
reads a clock or changes anything; what was decided is held against budgets by ``hold``, and remembered by ``memory``,
both after the answer is certain.

Order: what is cheap and exact first, models last, money before the auction, so that who cannot pay sets nobody's price.
One search, one prediction and one auction serve all slots of an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from attise.records.decision import Decision, NoAd
from attise.records.feed import FeedRequest
from attise.records.token import Claims, TokenKind
from attise.serving.delivery.contest import hold_contest
from attise.serving.delivery.memory import ViewerMemory
from attise.serving.delivery.scribe import PAID_BY_IMPRESSION, Scribe
from attise.serving.delivery.state import State


def decide_slots(
    request: FeedRequest,
    state: State,
    memory: ViewerMemory | None,
    slots: Sequence[int],
    *,
    beside: int = 0,
) -> tuple[Decision, ...]:
    """Return what is decided for each slot (place in the answer, rising), an ad or the reason why there is none.

    Args: memory: of the viewer, None for somebody without; beside: how sensitive what surrounds the slots is
    (``gates.sensitivity_of``).
    Invariants: at most one ad of an advertiser; every price at most its bid; of each decision, those dropped and the
    winner are all the ads of the index. Cost: some 0.3 ms at a million ads, whatever the number of slots.
    """
    if not slots:
        return ()
    closed = _closed(memory, slots)
    open_slots = [slot for slot in slots if slot not in closed] if closed else slots
    contest = hold_contest(request, state, memory, open_slots, beside=beside) if open_slots else None
    scribe = Scribe(request, state, memory, contest, open_slots, beside)
    if not closed:
        return tuple([scribe.decided(slot, number) for number, slot in enumerate(slots)])
    return tuple(
        [
            scribe.closed(slot, closed[slot]) if slot in closed else scribe.decided(slot, open_slots.index(slot))
            for slot in slots
        ]
    )


def hold(state: State, decisions: Iterable[Decision], *, wire_ms: int) -> None:
    """Count what was decided against budgets, until totals have caught up with it; once, when the answer goes out."""
    for decision in decisions:
        winner, claims = decision.winner, decision.claims
        if winner is None or claims is None:
            continue
        certain = claims.billing_event in PAID_BY_IMPRESSION
        expected = claims.price_micros if certain else math.ceil(claims.price_micros * winner.event_rate)
        state.allowances.hold(claims.envelopes, expected, wire_ms=wire_ms, certain=certain)


def claims_of(decision: Decision) -> Claims:
    """Return what the token of a decided ad says. Raises: AssertionError where there is none."""
    winner = decision.winner
    if winner is None or decision.claims is None:
        raise AssertionError("a slot without an ad has no token")
    return Claims(
        TokenKind.AD,
        decision.decision_id,
        decision.feed_id,
        winner.post_id,
        winner.creator_id,
        decision.viewer.pseudonym,
        decision.session_id,
        decision.surface,
        decision.decided_at_ms,
        decision.wire_ms,
        winner.duration_ms,
        decision.moment.place,
        decision.versions.snapshot,
        decision.versions.model,
        decision.is_exploration,
        decision.claims,
    )


def _closed(memory: ViewerMemory | None, slots: Sequence[int]) -> dict[int, NoAd]:
    """Return the slots that are open to no ad at all, and why."""
    if memory is None:
        return {}
    is_full, quiet = memory.is_full, memory.quiet_until_video - memory.videos
    if not is_full and quiet <= slots[0]:
        return {}
    found = {slot: NoAd.AFTER_HIDE if slot < quiet else NoAd.SEEN_ENOUGH for slot in slots}
    return found if is_full else {slot: reason for slot, reason in found.items() if slot < quiet}
