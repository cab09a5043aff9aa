"""What the worker does with facts: it writes and rolls up what was settled, writes reports, lets go of what is told."""

from __future__ import annotations

from typing import Final

from attise.doors.site.means import means
from attise.doors.site.own_reports.files import full_name
from attise.doors.site.report_files import write
from attise.kernel.house import House
from attise.management.saved_reports.actions import announce_written
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports.actions import export, roll_up, tasks, tidy
from attise.measurement.reports.tasks import list_untold

FILES_AT_ONCE: Final = 10
"""Files of one turn: the process looks in between whether it is to end."""
TIDY_EVERY_S: Final = 60.0
SWEEP_EVERY_S: Final = 600.0


class Exporting:
    """What the job remembers between its turns; it runs in one thread."""

    def __init__(self, house: House) -> None:
        """Export the facts of a house."""
        self._house = house
        self._log = SqliteLog(house.folder, may_write=False)
        self._tidied_at_s = float("-inf")
        self._swept_at_s = float("-inf")

    def export(self) -> None:
        """Write until all that was settled stands in files, or for a while; tidy up now and then. Raises: Outage."""
        for _ in range(FILES_AT_ONCE):
            if export(means(), self._house, self._log).is_end:
                break
        now_s = means().clock.monotonic_s()
        if now_s - self._tidied_at_s >= TIDY_EVERY_S:
            self._tidied_at_s = now_s
            tidy(means(), self._house)

    def roll_up(self) -> None:
        """Roll up what was exported, or a bounded part of it. Raises: Outage."""
        for _ in range(FILES_AT_ONCE):
            if roll_up(means(), self._house).is_end:
                break

    def write_reports(self) -> None:
        """Write the reports that are asked for, some of them; now and then let go of old ones. Raises: Outage."""
        now_s = means().clock.monotonic_s()
        if now_s - self._swept_at_s >= SWEEP_EVERY_S:
            self._swept_at_s = now_s
            tasks.sweep(means(), self._house)
        try:
            for _ in range(FILES_AT_ONCE):
                if not tasks.write_next(means(), self._house, write):
                    break
        finally:
            tell_written()  # of those that are over, whatever one of them stumbled over


def tell_written() -> None:
    """Tell advertisers of the files that are over since; one that is told twice is one notice."""
    for task in list_untold():
        announce_written(
            means(),
            advertiser_id=task.advertiser_id,
            task_id=task.id,
            name=full_name(task),
            is_written=task.state == "done",
        )
        tasks.note_told(task.id)
