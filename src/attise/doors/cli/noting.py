"""The stage beside a served house of those whose ads are asked for afterwards: it notes which were shown."""

from __future__ import annotations

from attise.doors.cli.beside import Beside
from attise.doors.site.setup import Process
from attise.kernel.interrupt import Ending
from attise.simulator.stage import Given


class Noting(Beside):
    """Like ``Beside``, for a life that is short: every ad that is shown is held in memory by its decision."""

    def __init__(self, process: Process, *, ending: Ending, share: float) -> None:
        """Open as ``Beside`` does, with nothing noted."""
        super().__init__(process, ending=ending, share=share)
        self.shown_ads: set[int] = set()
        """The decisions of ads that were shown."""

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed, decided as the edge decides it; its ads are noted."""
        given = super().ask(viewer_id, count=count, session_id=session_id)
        self.shown_ads.update(item.decision_id for item in given if item.ad is not None)
        return given
