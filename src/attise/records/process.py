"""A process of the house as its row tells it: which node it holds, and whether it was seen lately.

Plain SQL on ``records.tables.HEARTBEAT``, whose rows ``management/processes`` owns: one way to claim, to beat and to
give back, for processes with Django and without.
"""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.database import Connection
from attise.kernel.errors import Outage
from attise.kernel.ids import NODES
from attise.kernel.limits import HOUR_MS

TRIES = 20
DECIDING = ("edge", "life")
"""Roles that decide: whoever serves, and the simulated people of an example house."""
LIVES_MS = 5_000
"""A process that was not seen for longer is not reckoned with: each beats at least once a second."""

_TAKE_NEW = (
    "INSERT INTO processes_process "
    "(node, role, holder, applied_version, applied_delta, applied_totals, clock_version, seen_at_ms) "
    "SELECT n, {0}, {0}, 0, 0, 0, 0, {0} FROM (SELECT COALESCE(MAX(node), -1) + 1 AS n FROM processes_process) AS next "
    "WHERE n < {0} ON CONFLICT (node) DO NOTHING RETURNING node"
)
_TAKE_STALE = (
    "UPDATE processes_process SET role = {0}, holder = {0}, applied_version = 0, applied_delta = 0, "
    "applied_totals = 0, clock_version = 0, seen_at_ms = {0} "
    "WHERE seen_at_ms < {0} AND node = (SELECT node FROM processes_process WHERE seen_at_ms < {0} "
    "ORDER BY seen_at_ms, node LIMIT 1) RETURNING node"
)
_BEAT = (
    "UPDATE processes_process SET seen_at_ms = {0}, applied_version = {0}, applied_delta = {0}, applied_totals = {0}, "
    "clock_version = {0} WHERE node = {0} AND holder = {0} RETURNING node"
)
_RELEASE = "UPDATE processes_process SET seen_at_ms = 0 WHERE node = {0} AND holder = {0}"
_COUNT = "SELECT COUNT(*) FROM processes_process WHERE role IN ({0}, {0}) AND seen_at_ms > {0}"
_SEEN = "SELECT role, MAX(seen_at_ms) FROM processes_process GROUP BY role"


@dataclass(frozen=True, slots=True)
class Node:
    """A held node number; ``holder`` tells this process from the next one that will hold it."""

    number: int
    holder: str


@dataclass(frozen=True, slots=True)
class Applied:
    """Up to where a decision process has read: changes, deltas, totals."""

    version: int = 0
    delta: int = 0
    totals: int = 0


def claim(connection: Connection, *, role: str, holder: str, now_ms: int) -> Node:
    """Claim a node number that no live process holds: a new one, else the one unseen for longest, an hour at least.

    ``now_ms`` is wire time. Raises: Outage when all are held or the database is away.
    """
    for _ in range(TRIES):
        taken = connection.rows(_TAKE_NEW, role, holder, now_ms, NODES)
        if not taken:
            before = now_ms - HOUR_MS
            taken = connection.rows(_TAKE_STALE, role, holder, now_ms, before, before)
        if taken:
            return Node(taken[0][0], holder)
    raise Outage("no node number could be claimed")


def beat(
    connection: Connection, node: Node, *, now_ms: int, applied: Applied | None = None, clock_version: int = 0
) -> bool:
    """Say that the process lives; False when its number was given to another, after which it must claim again."""
    said = applied or Applied()
    values = (now_ms, said.version, said.delta, said.totals, clock_version, node.number, node.holder)
    return bool(connection.rows(_BEAT, *values))


def release(connection: Connection, node: Node) -> None:
    """Give the number back at once."""
    connection.rows(_RELEASE, node.number, node.holder)


def count_deciding(connection: Connection, *, now_ms: int) -> int:
    """Return how many processes that decide were seen within ``LIVES_MS`` (wire time): budgets are shared by them."""
    return int(connection.rows(_COUNT, *DECIDING, now_ms - LIVES_MS)[0][0])


def last_seen(connection: Connection) -> dict[str, int]:
    """Return, by role, when a process of it was last seen (wire time, milliseconds)."""
    return dict(connection.rows(_SEEN))
