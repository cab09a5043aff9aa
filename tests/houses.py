"""Houses that tests serve: made once, copied for each.

Bringing an empty database up to date takes longer than most tests do. What a new house has before anybody serves it
(its book, its secrets, its tables without people) is made once for the sources as they are, and copied.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from hashlib import blake2b
from pathlib import Path

from attise.kernel.house import Mode
from tests import machine_code

FOLDER = machine_code.ROOT / ".pytest_cache" / "houses"
MAKE = """
import sys
from pathlib import Path
from attise.doors.site.setup import prepare
from attise.kernel.house import Mode, Settings, open_house
settings = Settings(data=Path(sys.argv[1]))
open_house(settings, mode=Mode(sys.argv[2]))
prepare(settings)
"""


def furnish(house: Path, mode: Mode) -> None:
    """Make a folder that is not there a house of a mode, and lend it machine code; one that is there stays as it is."""
    if not house.exists():
        shutil.copytree(_made(mode), house)
        machine_code.lend(house)


def _made(mode: Mode) -> Path:
    """Return a house of a mode that nobody has served, made by whoever asks first while others wait."""
    made = FOLDER / _sources() / mode.value
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                _make(made, mode)
    return made


def _make(made: Path, mode: Mode) -> None:
    for other in FOLDER.iterdir():
        if other.is_dir() and other != made.parent:
            shutil.rmtree(other)
    draft = made.with_name(f".{mode.value}")
    shutil.rmtree(draft, ignore_errors=True)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ATTISE_", "DJANGO_"))}
    environment = {**inherited, "PYTHONPATH": str(machine_code.ROOT / "src")}
    subprocess.run([sys.executable, "-c", MAKE, str(draft), mode.value], env=environment, check=True)
    draft.rename(made)


@cache
def _sources() -> str:
    """Return what tells these sources from others."""
    found = blake2b(digest_size=8)
    for path in sorted((machine_code.ROOT / "src").rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()
