"""How ads are delivered at this moment: who works, how far behind they are, and what became of the last slots.

The same for the operator's page and for the API: a door, because processes are management's, the log and what is
settled measurement's. How long answers take is each edge's own to tell (``/metrics``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from attise.kernel.house import House
from attise.kernel.limits import MINUTE_MS
from attise.kernel.means import Means
from attise.management.outbox import queries as outbox
from attise.management.policy import queries as policy
from attise.management.policy.views import ChangeView
from attise.management.processes.queries import RoleView, list_roles, list_unlevel
from attise.measurement.attribution.queries import get_head, get_mark
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.change import ChangeKind
from attise.records.decision import NoAd, decode_decision
from attise.records.process import Applied

WINDOW_MS: Final = 5 * MINUTE_MS
MOST_BATCHES: Final = 200
"""Of the newest batches of the log, so many are read at most: a busy house is told of by a shorter span."""
MOST_DECISIONS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivery as it stands. Times are wire time; spans are milliseconds."""

    roles: list[RoleView]
    span_ms: int
    """What follows is of decisions within this time; 0 when none was taken lately."""
    slots: int
    filled: int
    empty: dict[NoAd, int]
    """Slots that stayed without an ad, by reason, the commonest first."""
    unsettled_ms: int
    """How long the oldest entry of the log that is not settled has waited; 0 when all of it is."""
    totals_age_ms: int | None
    """How long ago totals were last told to those who decide; None: never yet."""
    ads_stopped: bool
    """Whether the operator stopped every ad."""
    last_switch: ChangeView | None
    """The last time that it was done or undone."""
    edges: int
    """Processes that answer feeds; of them, how many have read of the last switch."""
    edges_heard: int


def get_delivery(means: Means, house: House) -> Delivery:
    """Return it. Cost: eight statements, and the newest batches of the log."""
    now_ms = means.clock.wire_ms()
    log = SqliteLog(house.folder, may_write=False)
    try:
        unsettled = log.read(get_mark().position, limit=1)
        slots, filled, empty, span_ms = _lately(log, now_ms)
    finally:
        log.close()
    published_ms = get_head().published_at_ms
    roles = list_roles(means.clock)
    edges = sum(one.live for one in roles if one.role == "edge")
    switched = Applied(outbox.newest_of(ChangeKind.ADS_SWITCHED), 0, 0)
    return Delivery(
        ads_stopped=policy.get_policy().ads_stopped,
        last_switch=policy.find_last_stop(),
        edges=edges,
        edges_heard=edges - len(list_unlevel(means.clock, role="edge", applied=switched)),
        roles=roles,
        span_ms=span_ms,
        slots=slots,
        filled=filled,
        empty=dict(empty.most_common()),
        unsettled_ms=max(0, now_ms - unsettled[0].at_ms) if unsettled else 0,
        totals_age_ms=max(0, now_ms - published_ms) if published_ms else None,
    )


def _lately(log: SqliteLog, now_ms: int) -> tuple[int, int, Counter[NoAd], int]:
    """Return how many slots were decided lately, how many got an ad, why the others did not, and over which time."""
    empty: Counter[NoAd] = Counter()
    slots = filled = 0
    first_ms = now_ms
    batches = log.read(max(0, log.end() - MOST_BATCHES), limit=MOST_BATCHES)
    for batch in reversed(batches):
        if batch.at_ms < now_ms - WINDOW_MS or slots >= MOST_DECISIONS:
            break
        for entry in batch.entries:
            if entry.kind != EntryKind.DECISION:
                continue
            first_ms, slots = batch.at_ms, slots + 1
            decision = decode_decision(entry.body)
            if decision.no_ad is None:
                filled += 1
            else:
                empty[decision.no_ad] += 1
    return slots, filled, empty, max(0, now_ms - first_ms)
