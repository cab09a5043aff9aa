"""``python -m attise.doors.worker.train``: one turn of training over facts, in a process of its own.

A door, because it brings two floors together: facts are measurement's, learning is serving's. Its job comes on standard
input, what became of it goes to standard output, both as JSON. Why a process: what learning needs of memory is given
back when it ends. May be killed at any time: what is learned from is marked with what was learned.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import msgspec

from attise.kernel.errors import Outage
from attise.measurement.reports.learning import list_told
from attise.serving import kernels
from attise.serving.prediction.model import find_newest
from attise.serving.training.facts import facts_of
from attise.serving.training.turn import reached, take_turn

AWAY: Final = 3
"""Exit code: facts could not be read."""


class FactFile(msgspec.Struct, frozen=True):
    """A file of facts."""

    path: str
    to_position: int
    rows: int
    is_ripe: bool
    """Whether its impressions have had the time to be clicked."""


class TrainingJob(msgspec.Struct, frozen=True):
    """What one turn works on."""

    models: str
    """The folder of models."""
    files: tuple[FactFile, ...]
    """All that may tell of the same decisions, in order."""
    kernels: str
    """The folder of compiled kernels."""
    slots_log2: int
    """Of a house that begins; one that goes on keeps what it has."""
    most_rows: int
    """Facts of one turn, about."""


class Learned(msgspec.Struct, frozen=True):
    """Where training stands."""

    position: int
    """Of the log: nothing is left to learn up to it; -1: nothing was there."""
    version: int
    """Of the newest model; 0: there is none."""
    is_end: bool
    """Whether everything that is ripe was learned from."""


def train(job: TrainingJob) -> Learned:
    """Take a turn. Raises: Outage when facts cannot be read."""
    folder, paths = Path(job.models), [Path(one.path) for one in job.files]
    folder.mkdir(mode=0o700, exist_ok=True)
    mark, is_end = reached(folder), False
    while not is_end:
        upto, is_end = _upto(job, mark)
        columns = list_told(paths, after=max(mark, 0), upto=upto) if upto > mark else {}
        mark = max(mark, upto)
        if len(columns.get("ad_id", ())):
            # What came of a click is told once, at its end (``learning``): nothing has to be weighed against it.
            facts = facts_of(columns)
            take_turn(folder, facts, mark=mark, slots_log2=job.slots_log2, conversions_come_late=False)
            break  # else nothing of that stretch teaches anything: on to the next
    newest = find_newest(folder)
    return Learned(mark, 0 if newest is None else int(newest.stem), is_end)


def _upto(job: TrainingJob, mark: int) -> tuple[int, bool]:
    """Return up to which position a turn learns, and whether nothing that is ripe lies beyond."""
    upto, rows = mark, 0
    for one in job.files:
        if one.to_position <= mark:
            continue
        if not one.is_ripe:
            break
        if rows and rows + one.rows > job.most_rows:
            return upto, False
        upto, rows = one.to_position, rows + one.rows
    return upto, True


def main() -> int:
    """Take the turn of standard input."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=TrainingJob)
    kernels.keep_in(Path(job.kernels))
    try:
        learned = train(job)
    except Outage as outage:
        sys.stderr.write(f"{outage}\n")
        return AWAY
    sys.stdout.buffer.write(msgspec.json.encode(learned))
    return 0


if __name__ == "__main__":
    sys.exit(main())
