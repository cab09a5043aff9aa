"""The site as a process: the schema brought up to date, then Django's pages behind a Unix socket.

One worker process with several threads: what waits (the database, a password hash, a probed video) waits in threads,
and the edge keeps slow clients away from them.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from attise.kernel import logs
from attise.kernel.house import House, HouseError, Mode, Settings
from attise.kernel.interrupt import Interrupt
from attise.kernel.lifeline import Lifeline
from attise.kernel.limits import BODY_BYTES, KIB
from attise.kernel.secrets import SecretsError

log = logging.getLogger("attise.site")

THREADS = 12
CONNECTIONS = 256
HEAD_BYTES = 128 * KIB
"""More than the edge passes on."""
HEAD_MS = 30_000
"""Longer than the edge keeps an idle connection, so that the edge is always the one that closes it."""
STOP_S = 10
DRAIN_BYTES = 64 * KIB
SERVED_AT = "ATTISE_SERVED_AT"
"""Where the supervisor listens, for the links that are printed."""
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
CANNOT_START = 3
"""The exit code of a process that would fail the same way again."""

_LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}


def serve_wsgi(socket: Path, load: Callable[[], Any], lifeline: Lifeline, *, threads: int = THREADS) -> None:
    """Serve the WSGI application that ``load`` returns on a Unix socket until SIGTERM; ``load`` runs in the worker."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    multiprocessing.set_start_method("fork", force=True)  # what was imported here is there already
    with contextlib.suppress(FileNotFoundError):
        socket.unlink()
    server = Granian(
        "attise.doors.site.wsgi:application",
        uds=socket,
        uds_permissions=0o600,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS, keep_alive=True, max_buffer_size=HEAD_BYTES),
        websockets=False,
        workers_kill_timeout=STOP_S,
        log_level=LogLevels.error,  # its warnings are advice about our numbers
        log_dictconfig=_LOGS,
    )
    server.main_loop_interrupt = Interrupt()
    server.serve(target_loader=partial(_load_in_worker, load, lifeline), wrap_loader=False)


def _load_in_worker(load: Callable[[], Any], lifeline: Lifeline) -> Any:
    """Load the application in the forked worker, which holds the lifeline itself."""
    lifeline.hold()
    application = load()

    def whole(environ: dict[str, Any], start_response: Any) -> Any:
        length = int(environ.get("CONTENT_LENGTH") or "0")
        body = environ["wsgi.input"] = WholeBody(environ["wsgi.input"], length)
        answer = application(environ, start_response)
        if length <= BODY_BYTES:
            # The edge sends a short body at once: a connection closed before it is read would take the answer with it.
            body.drain()
        return answer

    return whole


class WholeBody:
    """The body of a request, which must be as long as was said: one cut short is never taken for a whole one."""

    def __init__(self, body: Any, length: int) -> None:
        """Read ``length`` bytes of ``body``."""
        self._body = body
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Return ``size`` bytes, or all that is left by default. Raises: OSError when the sender has gone."""
        wanted = self._left if size < 0 else min(size, self._left)
        parts = []
        while wanted:
            parts.append(self._took(self._body.read(wanted)))
            wanted -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """Return a line, or its first ``size`` bytes. Raises: OSError as above."""
        wanted = self._left if size < 0 else min(size, self._left)
        return self._took(self._body.readline(wanted)) if wanted else b""

    def drain(self) -> None:
        """Read what is left and throw it away; a sender that has gone is none of our business any more."""
        with contextlib.suppress(OSError):
            while self._left:
                self.read(DRAIN_BYTES)

    def _took(self, data: bytes) -> bytes:
        """Count what was read; nothing read where something is left means that nothing more will come."""
        if not data:
            raise OSError("the body ended before its length")
        self._left -= len(data)
        return data


def load_site() -> Any:
    """Return the site's WSGI application."""
    from attise.doors.site.wsgi import application

    return application


def load_living_site(house: House) -> Any:
    """Return the application in the process that runs it, which holds a node number and beats for as long as it lives.

    A number that was given to another process ends this one: two must never make the same identifiers.
    """
    from attise.doors.site.means import process
    from attise.doors.worker.heart import Heart

    application, opened = load_site(), process()
    if opened.claim is None:
        raise AssertionError("a served process holds a node number")
    Heart(house, opened.claim, opened.clock, lives=lambda: True, lost=_end_this_process).start()
    return application


def _end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Run the site; returns the process's exit code."""
    logs.configure("site")
    lifeline = Lifeline.from_environ(os.environ)
    lifeline.hold()
    from attise.doors.site.setup import prepare

    try:
        house = prepare(Settings.from_environ(os.environ))
    except (HouseError, SecretsError) as error:
        log.critical("%s", error)
        return CANNOT_START
    except Exception:
        log.exception("the schema could not be brought up to date")
        return CANNOT_START
    from attise.doors.site.restored import go_on_beyond_readers

    go_on_beyond_readers(house)
    lifeline.tell("migrated")
    _open_first_time(house)
    _warm()
    serve_wsgi(house.run / "site.sock", partial(load_living_site, house), lifeline)
    return 0


def _open_first_time(house: House) -> None:
    """Open a house that nobody has opened yet, and print its one-time links for whoever started it."""
    from attise.doors.cli.welcome import links_in_words
    from attise.doors.site.opening import open_first_time
    from attise.doors.site.setup import open_process, release_process
    from attise.management.accounts.queries import find_first_operator

    if house.mode is Mode.SANDBOX or find_first_operator() is not None:
        return
    process = open_process(house, "command")
    first = open_first_time(process.means, house.mode)
    release_process(process)
    if first is not None:
        address = house.settings.public_url or os.environ.get(SERVED_AT, DEFAULT_ADDRESS)
        sys.stderr.write(f"{links_in_words(first.links, address, house.folder)}\n")


def _warm() -> None:
    """Import what the first request would, and leave no connection open for the worker to inherit."""
    from django.db import connections
    from django.urls import get_resolver

    load_site()
    _ = get_resolver().url_patterns
    connections.close_all()


if __name__ == "__main__":
    code = main()
    # An interpreter that takes Django apart works for a second on what the system does at once, and whoever ended the
    # house waits for it.
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)
