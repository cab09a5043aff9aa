"""How tests run ``attise``: a command, a folder that is served, and what lies in it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from attise.kernel.clock import SystemClock
from attise.kernel.house import Mode
from attise.records import tables
from tests.doors.rig import Child, Door, Rig, until
from tests.houses import furnish

ATTISE = ("-c", "import sys; from attise.doors.cli import main; sys.exit(main())")
COMMAND = (*ATTISE, "serve")
SOURCE = Path(tables.__file__).parents[2]
READY = re.compile(r"Attise is ready: http://127\.0\.0\.1:(\d+)")


@dataclass
class Served:
    """A served data folder."""

    child: Child
    door: Door
    folder: Path
    started_in_s: float

    @property
    def pid(self) -> int:
        return self.child.process.pid

    def processes(self) -> dict[str, int]:
        """Return the role and the process id of each child."""
        found = {}
        for pid in children_of(self.pid):
            with contextlib.suppress(FileNotFoundError):
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
                if "attise.doors.edge" in words:
                    found["edge"] = pid
                elif "attise.doors.cli.supervisor_site" in words:
                    found["site"] = pid
                elif "attise.doors.worker" in words:
                    found[words[words.index("attise.doors.worker") + 1]] = pid
        return found

    def is_well(self) -> bool:
        try:
            return self.door.ask("/healthz", timeout_s=5).status == 200
        except (OSError, AssertionError):
            return False

    def is_whole(self) -> bool:
        """Tell whether every part is well, those too without which the house may begin."""
        return is_whole(self.door)


def is_whole(door: Door) -> bool:
    try:
        return all(part["ok"] for part in door.ask("/healthz", timeout_s=5).json["parts"].values())
    except (OSError, AssertionError):
        return False


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def descendants_of(pid: int) -> list[int]:
    direct = children_of(pid)
    return direct + [deeper for child in direct for deeper in descendants_of(child)]


def serve(made: Rig, folder: Path, *arguments: str, **environ: str) -> Served:
    """Serve a folder. One that is not there is a house already; one that is empty is made a house, as anybody's is."""
    furnish(folder, Mode.SANDBOX if "--sandbox" in arguments else Mode.LIVE)
    clock = SystemClock()
    began_s = clock.monotonic_s()
    child = made.start(*COMMAND, "--data", str(folder), "--port", "0", *arguments, environ=environ)

    def is_ready() -> re.Match[str] | None:
        assert child.process.poll() is None, child.text
        return READY.search(child.text)

    found = until(is_ready, "readiness", patience_s=90)
    return Served(child, Door(int(found[1])), folder, clock.monotonic_s() - began_s)


def made_by(served: Served, *arguments: str) -> dict[str, str]:
    """Return what a command says of a served folder, as JSON."""
    command = [sys.executable, *ATTISE, *arguments, "--data", str(served.folder)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def rows(folder: Path, statement: str) -> list[tuple]:
    """Return the rows of a statement on the embedded store of a house."""
    with contextlib.closing(sqlite3.connect(folder / "attise.sqlite3", timeout=10)) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
        return found
