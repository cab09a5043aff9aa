"""A served house for the time of a measurement: a temporary sandbox, the real processes, a free port."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attise.kernel.house import Mode, Settings, open_house

START_S = 180.0


@dataclass(frozen=True)
class Served:
    """A running sandbox."""

    folder: Path
    port: int
    environment: dict[str, str]
    supervisor: int
    """Its process id."""

    def attise(self, *arguments: str) -> str:
        """Run an ``attise`` command on the folder and return what it printed."""
        command = [sys.executable, "-m", "attise.doors.cli", *arguments, "--data", str(self.folder)]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)  # noqa: S603
        return done.stdout

    def credentials(self) -> dict[str, str]:
        """Return a token bundle."""
        bundle: dict[str, str] = json.loads(self.attise("token", "--json"))
        return bundle


@contextmanager
def serve_sandbox(*, edges: int = 1, mode: Mode = Mode.SANDBOX) -> Iterator[Served]:
    """Serve a new sandbox, or a new house of another mode, until the block ends.

    Then every process is ended, by its id, and the folder removed.
    """
    folder = Path(tempfile.mkdtemp(prefix="attise-bench-"))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATTISE_")}
    log = (folder / "serve.log").open("w+")
    open_house(Settings(data=folder / "data"), mode=mode)
    command = [sys.executable, "-m", "attise.doors.cli", "serve", "--port", "0", "--edges", str(edges)]
    server = subprocess.Popen(  # noqa: S603 - our own module
        [*command, "--data", str(folder / "data")],
        env=environment,
        stdout=log,
        stderr=log,
    )
    before = signal.signal(signal.SIGTERM, _leave)  # whoever is told to go does not leave a house behind
    try:
        yield Served(folder / "data", _port_of(server, folder / "serve.log"), environment, server.pid)
    finally:
        signal.signal(signal.SIGTERM, before)
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _port_of(server: subprocess.Popen[bytes], log: Path) -> int:
    """Wait until the house is ready and return its port."""
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("Attise is ready: "):
                port = int(line.rsplit(":", 1)[1])
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                    if answer.status == 200:  # noqa: PLR2004
                        return port
        time.sleep(0.05)
    raise RuntimeError(f"the house did not start:\n{log.read_text()[-3000:]}")
