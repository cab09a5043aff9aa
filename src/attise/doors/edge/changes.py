"""Live state: what was stopped, read from the database itself, and good for two seconds.

Step 4 of *a creator revokes*: before, management committed the change; after, no decision uses what was stopped. One
thread reads the version row and the changes above what it has applied. A change takes its number last in its
transaction, under the lock of the version row, so numbers are committed in order: whoever sees number *n* sees every
change up to *n*. What was read is good for ``STATE_LIFE_MS`` from the *start* of the reading, on a clock that only goes
forward; after that the state is stale, whatever the reason, and must not be decided on.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from attise.doors.edge.limits import BEAT_S, SEEN_MS
from attise.kernel.clock import SystemClock
from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode
from attise.kernel.limits import POLL_MS, STATE_LIFE_MS
from attise.records.change import STOPS, Change, ChangeKind
from attise.records.process import Applied, Node, beat, claim, last_seen, release
from attise.records.tables import SELECTS

log = logging.getLogger("attise.edge.changes")

SANDBOX_POLL_MS = 100
"""In a sandbox, people wait for the clock to be moved."""
WRITE_WAIT_S = 0.25
"""How long a heartbeat waits for the database's writer: reading changes matters more."""

_UPTO = (
    "SELECT version, kind, object_id, at_ms, body FROM outbox_change "
    "WHERE version > {0} AND version <= {0} ORDER BY version"
)
_FLOOR = "SELECT MIN(version) - 1 FROM outbox_change"

MOST_AT_ONCE = 5_000
"""Changes that one reading brings; more are read at once after it."""


class Gap(Exception):  # noqa: N818 - an outcome: what was applied does not lead to what is there
    """The changes do not follow on what was applied: some were pruned, or the database was put back."""


class ChangeReader:
    """Reads changes by version; owns its connection and belongs to one thread."""

    def __init__(self, house: House) -> None:
        """Connect. Raises: Outage."""
        self._connection: Connection = connect(house, may_write=False)
        self.newest = 0
        """The newest version, as of the last reading."""

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def read(self, after: int) -> tuple[int, list[Change]]:
        """Return a version and every change above ``after`` up to it, in order; ``newest`` says whether that is all.

        Raises: Outage when the database is away, Gap when changes are missing. Cost: one keyed read when nothing is
        new, one ranged read more when something is. Invariants: the changes are exactly after + 1 .. version.
        """
        version = self.newest = self.version()
        if version == after:
            return version, []
        if version < after:
            raise Gap(f"version {after} was applied and the database says {version}")
        version = min(version, after + MOST_AT_ONCE)
        found = [_change(row) for row in self._connection.rows(_UPTO, after, version)]
        if [change.version for change in found] != list(range(after + 1, version + 1)):
            raise Gap(f"changes {after + 1} to {version} are not all there")
        return version, found

    def version(self) -> int:
        """Return the number of the newest change. Raises: Outage."""
        rows = self._connection.rows(SELECTS["version"])
        if not rows:  # the schema is being made at this moment
            raise Outage("the version row is missing")
        return int(rows[0][0])

    def floor(self) -> int:
        """Return the version before the oldest change that is kept. Raises: Outage."""
        lowest = self._connection.rows(_FLOOR)[0][0]
        if lowest is not None:
            return int(lowest)
        return self.version()

    def clock(self) -> tuple[int, int]:
        """Return how far world time runs ahead of wire time (milliseconds), and that row's version. Raises: Outage."""
        rows = self._connection.rows(SELECTS["clock"])
        if not rows:  # as above
            raise Outage("the clock's row is missing")
        return rows[0][0], rows[0][1]

    def are_ads_stopped(self) -> bool:
        """Tell whether the operator stopped every ad. Raises: Outage."""
        rows = self._connection.rows(SELECTS["ads_stopped"])
        return bool(rows) and rows[0][0] == "true"

    def last_seen(self) -> dict[str, int]:
        """Return, by role, when a process was last seen (wire time). Raises: Outage."""
        return last_seen(self._connection)


def _change(row: tuple[int, str, int, int, str]) -> Change:
    """Return the change of a row; a kind not known here is an outage, so that nothing is decided on a guess."""
    version, kind, object_id, at_ms, body = row
    try:
        known = ChangeKind(kind)
    except ValueError:
        raise Outage(f"change {version} is of a kind this release does not know") from None
    return Change(version, known, object_id, at_ms, json.loads(body))


@dataclass(frozen=True, slots=True)
class Reading:
    """The last successful reading: what it has applied, and when it began (monotonic seconds)."""

    version: int
    began_s: float


class Listener(Protocol):
    """What keeps something that changes alter: a cache of viewers, the live bits of ads."""

    def heed(self, changes: Sequence[Change]) -> None:
        """Take changes in, in their order; nothing is decided on their version before this returns."""
        ...

    def forget(self) -> None:
        """Let go of everything: what was known does not lead to what is there now."""
        ...


class State:
    """What was stopped and when, as far as it was read; written by one thread, read by any."""

    def __init__(self, *listeners: Listener) -> None:
        """Know nothing, and be stale."""
        self.stops: dict[ChangeKind, dict[int, int]] = {kind: {} for kind in STOPS}
        """By kind and object, the version of the newest stop. It beats every record of before, and none of after."""
        self.began_at = 0
        """The version after which stops are known: no record of an earlier one may be served."""
        self.are_ads_stopped = False
        """Whether the operator stopped every ad, as of the last reading."""
        self.outlived = 0
        """Set by whoever serves records: none is of an earlier version, so that stops up to it may be forgotten."""
        self._forgotten = 0
        self._listeners = list(listeners)
        self._reading: Reading | None = None

    @property
    def version(self) -> int | None:
        """The last version applied, None before the first."""
        return self._reading.version if self._reading else None

    def listen(self, listener: Listener) -> None:
        """Tell another one from now on; before the thread that writes is started."""
        self._listeners.append(listener)

    def is_stopped(self, kind: ChangeKind, object_id: int, *, version: int) -> bool:
        """Tell whether a record that was read at ``version`` was stopped since."""
        return self.stops[kind].get(object_id, 0) > version

    def apply(self, version: int, changes: list[Change], *, began_s: float) -> None:
        """Apply changes in order, and only then say which version is reached and how old that may become."""
        for change in changes:
            if change.kind in STOPS:
                self.stops[change.kind][change.object_id] = change.version
        for listener in self._listeners:
            listener.heed(changes)
        self._reading = Reading(version, began_s)
        if self.outlived > self._forgotten:
            self._forget_outlived()

    def begin_at(self, version: int) -> None:
        """Forget everything and stand at ``version``, stale until the next reading."""
        for versions in self.stops.values():
            versions.clear()
        self.began_at, self.outlived, self._forgotten = version, 0, 0
        for listener in self._listeners:
            listener.forget()
        self._reading = Reading(version, -STATE_LIFE_MS)

    def _forget_outlived(self) -> None:
        """Forget the stops that beat no record any more; those of keys, which are rows, stay."""
        upto = self.outlived
        for kind, newest in self.stops.items():
            if kind is not ChangeKind.KEY_STOPPED:
                self.stops[kind] = {key: version for key, version in newest.items() if version > upto}
        self._forgotten = upto

    def is_fresh(self, now_s: float) -> bool:
        """Tell whether what was read may be decided on at ``now_s`` (monotonic seconds)."""
        reading = self._reading
        return reading is not None and now_s - reading.began_s <= STATE_LIFE_MS / 1000

    def age_ms(self, now_s: float) -> int | None:
        """Return how long ago the last successful reading began, None before the first."""
        reading = self._reading
        return None if reading is None or reading.began_s < 0 else round((now_s - reading.began_s) * 1000)


class Follower(threading.Thread):
    """The thread that keeps the state: reads, applies, follows the world clock, and beats."""

    def __init__(
        self,
        house: House,
        state: State,
        clock: SystemClock,
        *,
        holder: str,
        role: str = "edge",
        begin: Callable[[], int | None] | None = None,
        others: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        """Follow ``house`` for a process known as ``holder``; starts with ``start``.

        ``begin`` says of which version the records are that stops are to be read for; where it says None, or is not
        given, all that is kept is read. ``others`` tells up to which delta and which totals the process has read.
        """
        super().__init__(name="changes", daemon=True)
        self._house = house
        self._state = state
        self._clock = clock
        self._holder = holder
        self._role = role
        self._begin = begin
        self._others = others
        self._period_s = (SANDBOX_POLL_MS if house.mode is Mode.SANDBOX else POLL_MS) / 1000
        self._ending = threading.Event()
        self._reader: ChangeReader | None = None
        self._writer: Connection | None = None
        self._node: Node | None = None
        self._clock_version = 0
        self._beaten: tuple[Applied, int] | None = None
        self._beat_at_s = float("-inf")
        self._began_s = clock.monotonic_s()
        self._is_unseen = False
        """Whether it was said that no heartbeat could be written."""
        self._is_away = False
        self.seen: dict[str, int] = {}
        """By role, when a process was last seen (wire time), as of the last reading."""

    @property
    def node(self) -> int | None:
        """The node number of this process, None until the database has given one."""
        return self._node.number if self._node else None

    def end(self) -> None:
        """Stop, give the node number back, and wait for the thread."""
        self._ending.set()
        self.join(timeout=2)

    def run(self) -> None:
        """Poll until the end; an outage leaves the state to become stale, and the next turn tries again."""
        while not self._ending.is_set():
            began_s = self._clock.monotonic_s()
            try:
                self._turn(began_s)
            except Outage as outage:
                self._say_away(outage)
            except Exception:
                log.exception("reading changes failed")
                self._forget_connections()
            spent_s = self._clock.monotonic_s() - began_s
            self._ending.wait(max(self._period_s - spent_s, 0.02))
        self._leave()

    def _turn(self, began_s: float) -> None:
        """Read once and apply; then follow the clock and beat, which may fail by themselves."""
        if self._reader is None:
            self._reader = ChangeReader(self._house)
        reader = self._reader
        if self._state.version is None:
            self._state.begin_at(self._beginning(reader))
        try:
            self._read_all(reader, began_s)
        except Gap as gap:
            log.warning("%s: beginning again from what is kept", gap)
            self._state.begin_at(self._beginning(reader))
            return
        self._clock.offset_ms, self._clock_version = reader.clock()
        self.seen = reader.last_seen()
        if self._is_away:
            if self._beaten is None:
                self._began_s = self._clock.monotonic_s()  # nobody waited for a heartbeat before there was anything
                log.info("the database is there")
            else:
                log.info("the database answers again")
            self._is_away = False
        try:
            self._beat(began_s)
        except Outage as outage:
            self._beat_later(began_s, outage)

    def _beginning(self, reader: ChangeReader) -> int:
        """Return the version to begin at: that of the records to be served, or the oldest, where these are not known.

        Raises: Outage.
        """
        floor = reader.floor()
        if self._begin is None:
            return floor
        begin = self._begin()
        # Records of a later version than the database's own are of another database.
        return begin if begin is not None and floor <= begin <= reader.version() else floor

    def _read_all(self, reader: ChangeReader, began_s: float) -> None:
        """Read and apply up to the newest version; what is behind it is not decided on. Raises: Outage, Gap."""
        while True:
            version, changes = reader.read(self._state.version or 0)
            self._state.are_ads_stopped = reader.are_ads_stopped()
            is_all = version == reader.newest
            self._state.apply(version, changes, began_s=began_s if is_all else -STATE_LIFE_MS)
            if is_all or self._ending.is_set():
                return
            began_s = self._clock.monotonic_s()

    def _beat(self, now_s: float) -> None:
        """Write the heartbeat where there is something to say, at least once a second."""
        said = (self._applied(), self._clock_version)
        if said == self._beaten and now_s - self._beat_at_s < BEAT_S:
            return
        now_ms = self._clock.wire_ms()
        writer = self._open_writer()
        if self._node is None:
            self._node = claim(writer, role=self._role, holder=self._holder, now_ms=now_ms)
        if not beat(writer, self._node, now_ms=now_ms, applied=said[0], clock_version=self._clock_version):
            log.warning("node %d was given to another process: claiming again", self._node.number)
            self._node = None
            return
        self._beaten, self._beat_at_s, self._is_unseen = said, now_s, False

    def _open_writer(self) -> Connection:
        """Return what heartbeats are written on, connected where it is not. Raises: Outage."""
        if self._writer is None:
            self._writer = connect(self._house, may_write=True, wait_s=WRITE_WAIT_S)
        return self._writer

    def _beat_later(self, now_s: float, outage: Outage) -> None:
        """Beat on a later turn: somebody else writes, and reading goes on. Said once nobody has seen it for long."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if not self._is_unseen and now_s - max(self._beat_at_s, self._began_s) > SEEN_MS / 1000:
            log.warning("no heartbeat could be written for some seconds: %s", outage)
            self._is_unseen = True

    def _applied(self) -> Applied:
        """Return up to where this process has read."""
        delta, totals = (0, 0) if self._others is None else self._others()
        return Applied(self._state.version or 0, delta, totals)

    def _say_away(self, outage: Outage) -> None:
        """Log an outage once, and connect anew on the next turn."""
        if not self._is_away:
            if self._state.version is None:
                log.info("waiting for the database, which is being made or brought up to date")
            else:
                log.warning("the database does not answer: %s", outage)
            self._is_away = True
        self._forget_connections()

    def _forget_connections(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    def _leave(self) -> None:
        """Give the number back; after a beat that was put off, on a connection of its own."""
        try:
            if self._node is not None:
                release(self._open_writer(), self._node)
        except Outage:
            log.info("the node number could not be given back")
        self._forget_connections()
