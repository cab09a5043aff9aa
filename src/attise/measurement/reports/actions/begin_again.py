"""A house was emptied: no fact is of it any more, and what happens from now on is told."""

from __future__ import annotations

from django.db import connection

from attise.kernel.house import House
from attise.measurement.attribution import queries as attribution
from attise.measurement.reports.actions.roll_up import remove_rollups
from attise.measurement.reports.actions.tasks import reports_folder
from attise.measurement.reports.folder import folder_of, remove_strangers
from attise.measurement.reports.models import Watermark


def begin_again() -> None:
    """Set the watermark to where the log is settled; in the caller's transaction, which removes the rows of files."""
    if not connection.in_atomic_block:
        raise AssertionError("facts are forgotten with what they tell of")
    position = attribution.get_mark().position
    Watermark.objects.filter(id=1).update(position=position, planned=position, facts=0)


def remove_files(house: House) -> None:
    """Remove every file of facts and of roll-ups; one that is being written goes with the next tidying."""
    remove_strangers(folder_of(house), set())
    remove_rollups(house)
    remove_strangers(reports_folder(house), set())
