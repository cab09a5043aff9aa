"""When the worker has a model learned from facts, and from which: a child process takes the turn (``train``).

A model is a file in the folder ``models``; every edge finds the newest one there, has the index made for it, and says
its version in each decision. Until there is one, decisions predict from what is usual (``prediction.priors``).
"""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Final

import msgspec

from attise.doors.site.means import means
from attise.doors.worker.train import AWAY, FactFile, Learned, TrainingJob
from attise.kernel.errors import Outage
from attise.kernel.house import House, Mode
from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.queries import FileView, list_files
from attise.serving.prediction.hashing import DEFAULT_SLOTS_LOG2
from attise.serving.prediction.model import FOLDER as MODELS

log = logging.getLogger("attise.worker")

KERNELS: Final = "kernels"
"""The folder of what is compiled."""
RIPE_MS: Final = {Mode.LIVE: 30 * MINUTE_MS, Mode.SANDBOX: 5_000, Mode.DEMO: MINUTE_MS}
"""How long an impression waits for its click before it is learned from (wire time): as long as its token vouches for
one in a live house, less where worlds are hurried."""
LEAST_ROWS: Final = 1_000
"""Facts that are worth a turn at once; fewer wait for ``LONGEST_S``."""
LONGEST_S: Final = 3_600.0
MOST_ROWS: Final = 400_000
"""Facts of one turn, about: some 300 MiB while it lasts."""
LOOKED_BACK_MS: Final = 60 * DAY_MS
"""Files that are looked at for clicks and what came of them: twice the longest window (world time)."""
TURN_S: Final = 900.0
"""A turn that takes longer is given up, and taken again."""
SLOTS_LOG2: Final = {Mode.LIVE: DEFAULT_SLOTS_LOG2, Mode.SANDBOX: 16, Mode.DEMO: 18}
"""The size of a model that begins: 64 MiB where it is live, less for smaller worlds."""


class Training:
    """What the job remembers between its turns; it runs in one thread."""

    def __init__(self, house: House) -> None:
        """Train the models of a house."""
        self._house = house
        self._learned: Learned | None = None
        self._turned_at_s: float | None = None
        """When a turn was begun; at first, when it was first asked for one."""

    def train(self) -> Learned | None:
        """Take a turn if one is due; returns where training stands, None where none was. Raises: Outage."""
        files = self._files()
        if not self._is_due(files):
            return None
        self._turned_at_s = means().clock.monotonic_s()
        learned = self._learned = self._turn(files)
        log.info("model %d: learned from facts up to position %d", learned.version, learned.position)
        return learned

    def _files(self) -> list[FileView]:
        since_ms = means().clock.world_ms() - LOOKED_BACK_MS
        return [one for one in list_files() if one.complete_to_ms >= since_ms]

    def _is_due(self, files: list[FileView]) -> bool:
        position = -1 if self._learned is None else self._learned.position
        rows = sum(one.rows for one in files if one.to_position > position and self._is_ripe(one))
        now_s = means().clock.monotonic_s()
        if self._turned_at_s is None:
            self._turned_at_s = now_s
        is_long_ago = now_s - self._turned_at_s >= LONGEST_S
        return rows >= LEAST_ROWS or (rows > 0 and is_long_ago)

    def _is_ripe(self, one: FileView) -> bool:
        return one.written_at_ms <= means().clock.wire_ms() - RIPE_MS[self._house.mode]

    def _turn(self, files: list[FileView]) -> Learned:
        folder = folder_of(self._house)
        job = TrainingJob(
            models=str(self._house.folder / MODELS),
            kernels=str(self._house.folder / KERNELS),
            files=tuple(
                FactFile(str(folder / one.name), one.to_position, one.rows, self._is_ripe(one)) for one in files
            ),
            slots_log2=SLOTS_LOG2[self._house.mode],
            most_rows=MOST_ROWS,
        )
        try:
            done = subprocess.run(
                [sys.executable, "-m", "attise.doors.worker.train"],
                input=msgspec.json.encode(job),
                stdout=subprocess.PIPE,
                check=False,
                timeout=TURN_S,
            )
        except subprocess.TimeoutExpired:
            raise Outage(f"a turn of training took longer than {TURN_S:.0f} s") from None
        if done.returncode == AWAY:
            raise Outage("facts could not be read for training")
        if done.returncode:
            raise Outage(f"training ended with code {done.returncode}")
        return msgspec.json.decode(done.stdout, type=Learned)
