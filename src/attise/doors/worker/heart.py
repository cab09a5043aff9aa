"""The heartbeat of a process: its row says every second that it lives, and at once which clock it has acknowledged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from attise.kernel.clock import Clock
from attise.kernel.database import Connection, connect
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.records.process import Node, beat, release

log = logging.getLogger("attise.worker")

PERIOD_S = 1.0


class Heart(threading.Thread):
    """Beats from a thread of its own, so that a long job does not pass for a dead process."""

    def __init__(
        self, house: House, node: Node, clock: Clock, *, lives: Callable[[], bool], lost: Callable[[], None]
    ) -> None:
        """Beat for ``node`` while ``lives`` says so; ``lost`` is called once if another process holds the number."""
        super().__init__(name="heart", daemon=True)
        self._house = house
        self._node = node
        self._clock = clock
        self._lives = lives
        self._lost = lost
        self._connection: Connection | None = None
        self._clock_version = 0
        self._wake = threading.Event()
        self._ending = threading.Event()

    def acknowledge(self, clock_version: int) -> None:
        """Say at the next beat, which comes at once, that everything is done at this version of the clock."""
        self._clock_version = clock_version
        self._wake.set()

    def end(self) -> None:
        """Stop beating and give the node number back."""
        self._ending.set()
        self._wake.set()
        self.join(timeout=3)

    def run(self) -> None:
        """Beat until the end; a database that is away is tried again."""
        while not self._ending.is_set():
            self._wake.clear()
            try:
                if self._lives() and not self._beat():
                    log.error("node %d was given to another process", self._node.number)
                    self._lost()
                    return
            except Outage:
                self._forget()
            self._wake.wait(PERIOD_S)
        try:
            release(self._open(), self._node)
        except Outage:
            log.info("the node number could not be given back")
        self._forget()

    def _beat(self) -> bool:
        return beat(self._open(), self._node, now_ms=self._clock.wire_ms(), clock_version=self._clock_version)

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = connect(self._house, may_write=True)
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
