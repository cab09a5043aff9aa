"""Machine code for the tests: compiled once for all of them, by the child that compiles for an edge.

A house that is served compiles for itself, which takes as long as ten tests do. It is lent what the first who needed it
had compiled; sources that changed since are compiled anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from attise.doors.edge.serving.files import KERNEL_FOLDER
from attise.serving import kernels

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "kernels"
"""Outlives a run: what sources became stays true for as long as they do not change."""


def compiled() -> Path:
    """Return the folder of what the sources became, made by whoever asks first while others wait."""
    home = FOLDER / f"{kernels.HOME}{kernels.fingerprint()}"
    if not (home / kernels.MARK).exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "attise.doors.edge.serving.compiling", str(FOLDER)]
        subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, cwd=ROOT, check=True)
    return FOLDER


def load() -> None:
    """Have this process answer by kernels from now on, as an edge does once it has them."""
    assert kernels.use(compiled())


def lend(house: Path) -> None:
    """Give a house that is about to be served what would be compiled for it."""
    shutil.copytree(compiled(), house / KERNEL_FOLDER, dirs_exist_ok=True)
