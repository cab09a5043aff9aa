"""The supervisor: one command that serves a whole house with four processes, or more where it is given more edges.

``edge`` on the public port (several take connections from the same socket), ``site`` behind it, ``settle``, and
``worker`` with a lower priority. The supervisor holds the data folder's lock and the listening socket (so that nothing
is refused while a process is started again), brings the schema up to date through the site, starts again what dies, and
ends last. Whatever way it ends, the others do not outlive it: each watches the line to it (``kernel.lifeline``).
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import FrameType
from urllib.parse import urlsplit

from attise.doors.cli.supervisor_checks import address_of, listen, objections_to
from attise.doors.cli.supervisor_child import Child, Role
from attise.doors.cli.supervisor_site import CANNOT_START, SERVED_AT
from attise.doors.site.setup import export
from attise.kernel import logs
from attise.kernel.house import House, HouseError, Mode, Settings, is_house, open_house
from attise.measurement.reports.engine_needs import missing_for

log = logging.getLogger("attise.serve")

Ready = Callable[[str], None]

STOP_S = 30.0
"""From the first signal to the end, whatever the processes do."""
PROBE_S = 0.05
PROBE_WAIT_S = 1.0
IMPATIENCE_S = 10.0
TICK_S = 0.5
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def serve(
    settings: Settings, mode: Mode | None, host: str, port: int, *, edges: int = 1, ready: Ready | None = None
) -> int:
    """Serve a data folder on one port until SIGTERM or SIGINT, and return the exit code: 0 after a drain.

    The folder is made in ``mode`` if it is absent, once the port is held: a start that fails on its port makes
    nothing. ``ready`` is called with the address once everything answers.
    Raises: HouseError (another mode, another server on the folder, a port that is taken, what production refuses).
    """
    refuse_unsafe(settings, host)
    with ExitStack() as held:
        # Where a house is, its lock comes first: whoever starts a second server is told so, not that a port is taken.
        if not is_house(settings):
            listener = held.enter_context(listen(host, port))
            house = open_house(settings, mode=mode)
            held.enter_context(house.serve_lock())
        else:
            house = open_house(settings, mode=mode)
            held.enter_context(house.serve_lock())
            listener = held.enter_context(listen(host, port))
        return _serve_on(listener, house, host, edges=edges, ready=ready)


def refuse_unsafe(settings: Settings, host: str) -> None:
    """Refuse what production refuses. Raises: HouseError."""
    objections = objections_to(settings, host)
    if objections:
        raise HouseError(" ".join(objections))


def serve_locked(house: House, host: str, port: int, *, ready: Ready | None = None, others: Sequence[Role] = ()) -> int:
    """Serve a house whose lock this process holds, with ``others`` beside its processes; otherwise as ``serve``."""
    with listen(host, port) as listener:
        return _serve_on(listener, house, host, edges=1, ready=ready, others=others)


def _serve_on(
    listener: socket.socket,
    house: House,
    host: str,
    *,
    edges: int,
    ready: Ready | None,
    others: Sequence[Role] = (),
) -> int:
    """Serve a house that this process has locked on a socket that it holds."""
    missing = missing_for(house.settings)
    if missing:
        raise HouseError(" ".join(missing))
    logs.configure("serve")
    address = address_of(listener, host)
    export(house.settings)
    os.environ[SERVED_AT] = address
    with house.telling_where(address):
        return Supervisor(house, listener, address, ready, edges=edges, others=others).run()


def say(text: str) -> None:
    """Say something to the person who started the server."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Supervisor:
    """Keeps the processes of one house running."""

    def __init__(
        self,
        house: House,
        listener: socket.socket,
        address: str,
        ready: Ready | None,
        *,
        edges: int = 1,
        others: Sequence[Role] = (),
    ) -> None:
        """Serve ``house`` on a listening socket, with ``others`` that nobody waits for; ``run`` starts them."""
        self._house = house
        self._listener = listener
        self._address = address
        self._ready = ready
        public = listener.fileno()
        edge = Role("edge", "attise.doors.edge", ("--fd", str(public)))
        self._edges = tuple(Child(edge, fds=(public,)) for _ in range(edges))
        self._site = Child(Role("site", "attise.doors.cli.supervisor_site"))
        self._settle = Child(Role("settle", "attise.doors.worker", ("settle",)))
        self._worker = Child(Role("worker", "attise.doors.worker", ("worker",)))
        self._others = tuple(Child(role) for role in others)
        self._children = (self._site, *self._edges, self._settle, self._worker, *self._others)
        self._signals: list[int] = []
        self._is_migrated = self._is_ready = False
        self._code = 0
        self._wake, self._bell = socket.socketpair()
        self._wake.setblocking(False)
        self._bell.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake, selectors.EVENT_READ)

    def run(self) -> int:
        """Start everything, keep it running, and return the exit code when it has ended."""
        self._catch_signals()
        began_s = complained_s = time.monotonic()
        try:
            while not self._signals and self._code == 0:
                self._start_what_is_due()
                self._wait(TICK_S if self._is_ready else PROBE_S)
                self._hear()
                self._collect()
                if not self._is_ready and self._is_migrated and all("well" in edge.told for edge in self._edges):
                    self._probe(began_s)
                if not self._is_ready and time.monotonic() - complained_s > IMPATIENCE_S:
                    complained_s = time.monotonic()
                    say(f"Attise is still starting: {self._missing()}")
            return self._stop()
        finally:
            for child in self._children:
                child.kill()
            signal.set_wakeup_fd(-1)
            for opened in (self._selector, self._wake, self._bell):
                opened.close()

    def _catch_signals(self) -> None:
        """Take signals in the loop below, never in the middle of something."""

        def catch(number: int, _frame: FrameType | None) -> None:
            if number != signal.SIGCHLD:
                self._signals.append(number)

        for number in (*_SIGNALS, signal.SIGCHLD):
            signal.signal(number, catch)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)

    def _start_what_is_due(self) -> None:
        now_s = time.monotonic()
        for child in self._children:
            if not child.is_running and child.start_at_s <= now_s:
                child.start(now_s)
                self._selector.register(child.report, selectors.EVENT_READ)
                if self._is_migrated:
                    child.go()

    def _wait(self, longest_s: float) -> None:
        """Wait for a signal, a word of a child, or the next start."""
        now_s = time.monotonic()
        dues = [child.start_at_s - now_s for child in self._children if not child.is_running]
        self._selector.select(max(min([longest_s, *dues]), 0))
        try:
            while self._wake.recv(4096):
                pass
        except BlockingIOError:
            return

    def _hear(self) -> None:
        """Take the words of the children."""
        for child in self._children:
            if not child.is_running:
                continue
            for word in child.words():
                if word == "migrated" and not self._is_migrated:
                    self._is_migrated = True
                    for other in self._children:
                        other.go()

    def _collect(self) -> None:
        """Collect children that have ended; they are started again, unless the house cannot start at all."""
        for child in self._children:
            report, now_s = child.report, time.monotonic()
            if child.is_running:
                code = child.collect(now_s)
                if code is not None:
                    self._selector.unregister(report)
                    self._say_ended(child, code, child.start_at_s - now_s)

    def _say_ended(self, child: Child, code: int, pause_s: float) -> None:
        if self._signals:
            return
        if code == CANNOT_START and not self._is_ready:
            say("Attise cannot start: the database could not be brought up to date. The reason is above.")
            self._code = 1
            return
        how = f"with code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"
        log.warning("%s ended %s; it is started again in %.1f s", child.role.name, how, pause_s)

    def _probe(self, began_s: float) -> None:
        """Ask the public port whether everything answers, once each edge has found so for itself."""
        found = self._ask_health()
        if found is not None and found["ok"]:
            self._is_ready = True
            log.info("ready after %.2f s", time.monotonic() - began_s)
            say(f"Attise is ready: {self._address}")
            if self._ready is not None:
                self._ready(self._address)

    def _ask_health(self) -> dict[str, object] | None:
        parts = urlsplit(self._address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PROBE_WAIT_S)
        try:
            connection.request("GET", "/healthz")
            found: dict[str, object] = json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException):
            return None
        else:
            return found
        finally:
            connection.close()

    def _missing(self) -> str:
        """Say what the start is waiting for."""
        if not self._is_migrated:
            return "the database is being brought up to date."
        found = self._ask_health() if any("listening" in edge.told for edge in self._edges) else None
        parts = (found or {}).get("parts")
        if not isinstance(parts, dict):
            return "the public port does not answer yet."
        return f"no answer from {', '.join(name for name, part in parts.items() if not part['ok'])}."

    def _stop(self) -> int:
        """Drain: the edges first, then what it needs; a second signal or too long a wait ends everything at once."""
        until_s = time.monotonic() + STOP_S
        if self._code == 0:
            say("Attise is ending: requests under way are finished first (once more to end at once).")
        self._listener.close()
        for group in ((*self._edges, self._worker, *self._others), (self._site, self._settle)):
            for child in group:
                child.stop()
            while any(child.is_running for child in group):
                if len(self._signals) > 1 or time.monotonic() > until_s:
                    late = ", ".join(child.role.name for child in self._children if child.is_running)
                    say(f"Attise ended at once, without waiting for the requests under way (still running: {late}).")
                    return 1
                self._wait(TICK_S)
                self._collect()
        say("Attise has ended.")
        return self._code
