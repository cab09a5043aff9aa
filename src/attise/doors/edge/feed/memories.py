"""What lately happened to each viewer: in this process's memory, on its disk a second later.

Step 3 of *a feed request is decided*. The running state of a viewer (what they saw, which ads, what they hid) changes
with each answer and is lost by nobody's fault but a kill's, and then at most a second of it. Rows bear a keyed hash of
the viewer, so that the file alone tells nobody's habits, and whoever erases a viewer finds the row.

Several edges: each has a file of its own and a viewer's requests go to one of them.
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Generic, TypeVar

import msgspec

from attise.kernel.clock import Clock
from attise.kernel.limits import DAY_MS
from attise.kernel.seal import Signer
from attise.records.change import Change, ChangeKind

log = logging.getLogger("attise.edge.memories")

Memory = TypeVar("Memory")

VIEWERS = 50_000
"""Viewers whose running state is in memory; the others' is read from the disk when they come back."""
FLUSH_S = 1.0
LIFE_MS = 30 * DAY_MS
"""How long the state of a viewer who does not come back is kept (wire time): the longest frequency cap."""
SWEEP_EVERY_S = 3_600.0
FILES = 64
"""Edges that one data folder may have."""
NAME_BYTES = 16
PURPOSE = "viewer-memory"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS memory (name BLOB PRIMARY KEY, at_ms INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
"""
_SAVE = (
    "INSERT INTO memory (name, at_ms, body) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body"
)


class Held(Generic[Memory]):
    """The running state of one viewer. Whoever decides puts the new state here and calls ``Memories.changed``."""

    __slots__ = ("is_dirty", "is_erased", "memory", "viewer_id")

    def __init__(self, viewer_id: int, memory: Memory) -> None:
        """Hold what is known."""
        self.viewer_id = viewer_id
        self.memory = memory
        self.is_dirty = False
        self.is_erased = False


class Memories(threading.Thread, Generic[Memory]):
    """Keeps running states, and writes those that changed every second. Used on one event loop."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        clock: Clock,
        *,
        fresh: Callable[[], Memory],
        encode: Callable[[Memory], bytes],
        decode: Callable[[bytes], Memory],
        most: int = VIEWERS,
    ) -> None:
        """Keep states in a file of ``folder`` that no other edge holds; ``fresh`` makes the state of a new viewer."""
        super().__init__(name="memories", daemon=True)
        self._names = Signer(key, size=NAME_BYTES)
        self._clock = clock
        self._fresh = fresh
        self._encode = encode
        self._decode = decode
        self._most = most
        self._held: OrderedDict[int, Held[Memory]] = OrderedDict()
        self._dirty: deque[Held[Memory]] = deque()
        self._erased: set[int] = set()
        self._ending = threading.Event()
        self._swept_at_s = float("-inf")
        self._path, self._lock = _own_file(folder)
        self._reading = _connect(self._path)
        self._writing = _connect(self._path)
        self.failures = 0
        """Flushes and readings that the disk refused."""

    def __len__(self) -> int:
        return len(self._held)

    def get(self, viewer_id: int) -> Held[Memory]:
        """Return the running state of a viewer; read from the disk where it is not in memory, new where it is nowhere.

        Cost: one look-up; on a miss one keyed read of a local file. A damaged row, or a disk that does not answer, is
        a new state: a viewer without a past is better than none.
        """
        held = self._held.get(viewer_id)
        if held is not None:
            with suppress(KeyError):  # erased at this moment, by the thread that reads changes
                self._held.move_to_end(viewer_id)
            return held
        held = self._held[viewer_id] = Held(viewer_id, self._read(viewer_id))
        self._make_room()
        return held

    def changed(self, held: Held[Memory]) -> None:
        """Have a state written with the next flush."""
        if not held.is_dirty:
            held.is_dirty = True
            self._dirty.append(held)

    def heed(self, changes: Sequence[Change]) -> None:
        """Erase the state of viewers who were erased; from any thread."""
        for change in changes:
            if change.kind is ChangeKind.VIEWER_CHANGED and change.body.get("erased"):
                self.erase(change.object_id)

    def forget(self) -> None:
        """Keep what is known: it is this edge's own, and nothing of the house's rows is in it."""

    def erase(self, viewer_id: int) -> None:
        """Let go of a viewer's state, in memory at once and on the disk with the next flush; from any thread."""
        held = self._held.pop(viewer_id, None)
        if held is not None:
            held.is_erased = True
        self._erased.add(viewer_id)

    def end(self) -> None:
        """Write what changed, and let go of the file."""
        self._ending.set()
        if self.is_alive():
            self.join(timeout=5)
        self.flush()
        self._reading.close()
        self._writing.close()
        self._lock.close()

    def run(self) -> None:
        """Flush every second until the end."""
        while not self._ending.wait(FLUSH_S):
            self.flush()

    def flush(self) -> None:
        """Write every state that changed since the last flush, in one transaction."""
        rows, taken = [], []
        now_ms = self._clock.wire_ms()
        for _ in range(len(self._dirty)):
            held = self._dirty.popleft()
            # Before it is encoded: what changes meanwhile makes it dirty again.
            held.is_dirty = False
            if not held.is_erased:
                taken.append(held)
                rows.append((self._row_of(held.viewer_id), now_ms, self._encode(held.memory)))
        erased = list(self._erased)
        if not rows and not erased and not self._is_time_to_sweep():
            return
        try:
            with self._writing:
                self._writing.execute("BEGIN IMMEDIATE")
                self._writing.executemany(_SAVE, rows)
                self._writing.executemany("DELETE FROM memory WHERE name = ?", [(self._row_of(id_),) for id_ in erased])
                if self._is_time_to_sweep():
                    self._writing.execute("DELETE FROM memory WHERE at_ms < ?", (now_ms - LIFE_MS,))
                    self._swept_at_s = self._clock.monotonic_s()
        except sqlite3.Error as error:
            self._say_away(error)
            for held in taken:
                self.changed(held)
        else:
            self._erased.difference_update(erased)

    def _is_time_to_sweep(self) -> bool:
        return self._clock.monotonic_s() - self._swept_at_s >= SWEEP_EVERY_S

    def _read(self, viewer_id: int) -> Memory:
        if viewer_id in self._erased:
            return self._fresh()
        try:
            rows = self._reading.execute(
                "SELECT body FROM memory WHERE name = ?", (self._row_of(viewer_id),)
            ).fetchall()
            return self._decode(rows[0][0]) if rows else self._fresh()
        except (sqlite3.Error, msgspec.MsgspecError, ValueError) as error:
            self._say_away(error)
            return self._fresh()

    def _make_room(self) -> None:
        """Let go of those who were not here for longest, but for what the disk has not yet."""
        for _ in range(len(self._held) - self._most):
            viewer_id, held = self._held.popitem(last=False)
            if held.is_dirty:
                self._held[viewer_id] = held

    def _row_of(self, viewer_id: int) -> bytes:
        return self._names.sign(b"%d" % viewer_id)

    def _say_away(self, error: Exception) -> None:
        self.failures += 1
        log.warning("running states are not read or written: %s", error)


def _own_file(folder: Path) -> tuple[Path, IO[str]]:
    """Return the first file that no living edge holds, and its lock, which ends with this process."""
    for number in range(FILES):
        lock = (folder / f"viewers-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return folder / f"viewers-{number}.sqlite3", lock
    raise OSError(f"{FILES} edges already serve {folder}")


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file of states; one that is damaged is begun anew, and those who come back begin anew with it."""
    try:
        return _open(path)
    except sqlite3.DatabaseError:
        log.exception("%s cannot be read: beginning anew", path.name)
        path.unlink(missing_ok=True)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost a second more than a kill does
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
