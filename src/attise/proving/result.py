"""What a benchmark says: one row per case, with its ceiling of the same run and its checks."""

from __future__ import annotations

import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One case at one scale. ``ratio`` is None where no ceiling is promised; ``ok`` speaks of correctness alone."""

    name: str
    scale: str
    ceiling_per_s: float | None
    measured_per_s: float
    ratio: float | None
    p50_ms: float
    p99_ms: float
    checks: dict[str, float | int | str]
    ok: bool
    client_bound: bool = False

    def plain(self) -> dict[str, object]:
        """Return the row as JSON takes it."""
        return {**asdict(self), "commit": commit()}


@cache
def commit() -> str:
    """Return the commit that is measured, or ``unknown`` outside a checkout."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git is there
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"


def quantile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie: nearest rank, never between two."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1))]
