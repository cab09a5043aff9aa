"""The thread between requests that wait and the log: what many of them bring becomes durable in one commit.

Step 2 of *an event comes back*. Before: ``accept``. After: the answer; and in its own time settling reads the log.

Nobody waits for a timer. Whoever comes first is committed at once; who comes while a commit is under way is in the next
one, so the more ask, the more share a commit. Unlike ``writer`` nothing is dropped: what cannot be kept is told to
whoever waits for it, and was not kept.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from attise.kernel.clock import Clock
from attise.kernel.errors import Outage
from attise.measurement.ingest.log import Entry, EntryKind, EventLog

log = logging.getLogger("attise.ingest")

Waiter = TypeVar("Waiter")
_Brought: TypeAlias = tuple[Sequence[bytes], Waiter, str]
"""Events, who waits for them, and their kind."""

QUEUE_ENTRIES = 20_000
"""Events that may wait for the disk; a dozen megabytes, and at most a second of what a fast disk takes."""
COMMIT_ENTRIES = 5_000
"""Events of one commit, but for those of its last request."""
CLOSE_S = 8.0


class Keeper(threading.Thread, Generic[Waiter]):
    """Keeps events for those who wait."""

    def __init__(
        self,
        open_log: Callable[[], EventLog],
        clock: Clock,
        tell: Callable[[list[Waiter], Outage | None], None],
        *,
        queue_entries: int = QUEUE_ENTRIES,
    ) -> None:
        """Write to the log that ``open_log`` opens, in this thread.

        ``tell`` is called in this thread once for every commit, with all who waited for it: None says that what they
        brought is durable, an outage that it is not, or that this is not known.
        """
        super().__init__(name="event-keeper", daemon=True)
        self._open_log = open_log
        self._clock = clock
        self._tell = tell
        self._most = queue_entries
        self._brought: queue.SimpleQueue[_Brought[Waiter] | None] = queue.SimpleQueue()
        self._log: EventLog | None = None
        self._offered = 0  # by the one thread that offers
        self._done = 0  # by this thread: so neither needs a lock
        self._is_ending = False
        self._is_away = False
        self.commits = 0
        self.written = 0
        """Events that became durable."""

    @property
    def depth(self) -> int:
        """How many events wait."""
        return self._offered - self._done

    def has_room(self, count: int) -> bool:
        """Tell whether so many more events may wait."""
        return not self._is_ending and self.depth + count <= self._most

    def keep(self, bodies: Sequence[bytes], waiter: Waiter, kind: EntryKind = EntryKind.EVENT) -> None:
        """Have some events kept together, and ``waiter`` told. Belongs to one thread; returns at once.

        Raises: Outage, when too much waits or this thread ends; then nothing of it is kept, and nobody is told.
        """
        if not self.has_room(len(bodies)):
            raise Outage("event log")
        self._offered += len(bodies)
        self._brought.put((bodies, waiter, kind.value))  # as plain text, which is written quicker

    def end(self) -> None:
        """Keep what waits, and stop. To be called by the thread that offers, after its last offer."""
        self._is_ending = True
        self._brought.put(None)
        if self.is_alive():
            self.join(timeout=CLOSE_S)

    def run(self) -> None:
        """Commit whatever waits, over and over, until the end."""
        is_last = False
        while not is_last:
            group, is_last = self._next_group()
            if group:
                self._commit(group)
        if self._log is not None:
            self._log.close()

    def _next_group(self) -> tuple[list[_Brought[Waiter]], bool]:
        """Wait for something, and return it with all that came meanwhile; and whether it is the last."""
        group: list[_Brought[Waiter]] = []
        count, brought = 0, self._brought.get()
        while brought is not None:
            group.append(brought)
            count += len(brought[0])
            if count >= COMMIT_ENTRIES:
                return group, False
            try:
                brought = self._brought.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[_Brought[Waiter]]) -> None:
        """Make what a group brought durable, all or none, and tell everybody of it."""
        entries = [Entry(kind, 0, body) for bodies, _, kind in group for body in bodies]
        outage: Outage | None = None
        try:
            if self._log is None:
                self._log = self._open_log()
            self._log.append(entries, at_ms=self._clock.wire_ms())
        except Outage as found:
            outage = found
            self._say_away(found)
        except Exception as error:  # whoever waits must hear of it
            log.exception("events could not be kept")
            outage = Outage("event log")
            self._say_away(error)
        else:
            self.commits += 1
            self.written += len(entries)
            if self._is_away:
                log.info("the event log takes events again")
                self._is_away = False
        self._done += len(entries)
        self._tell([waiter for _, waiter, _ in group], outage)

    def _say_away(self, error: Exception) -> None:
        """Log an outage once, and open anew for the next commit."""
        if not self._is_away:
            log.warning("the event log does not take events: %s", error)
            self._is_away = True
        if self._log is not None:
            self._log.close()
            self._log = None
