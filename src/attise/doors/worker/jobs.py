"""What the worker does, and how often."""

from __future__ import annotations

from attise.doors.worker.loops import Job
from attise.kernel.house import House


def worker_jobs(house: House) -> list[Job]:
    """Return the jobs of ``worker`` for a house; Django is set up when this is called."""
    del house
    return []
