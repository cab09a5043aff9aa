"""How much processor time another process took: what others do on its core is not in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def spending(pid: int, spent: dict[int, float]) -> Iterator[None]:
    """Add to ``spent`` the seconds of processor time that a process takes within the block."""
    before = _cpu_s(pid)
    yield
    spent[pid] += _cpu_s(pid) - before


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
