"""What facts tell is let go of, small files become large ones, facts go when they are old, and so do unread files."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from django.db import transaction

from attise.kernel.alone import alone
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS, FACTS_LIFE_MS, MINUTE_MS
from attise.kernel.means import Means
from attise.measurement.attribution import actions as attribution
from attise.measurement.conversions import actions as conversions
from attise.measurement.reports.columnar import join_files
from attise.measurement.reports.folder import aside, folder_of, name_of, publish, remove_strangers
from attise.measurement.reports.models import File, Watermark
from attise.measurement.reports.queries import FileView, get_watermark, list_files
from attise.measurement.reports.rollups.manifest import read_manifest, rollups_folder
from attise.measurement.reports.rollups.merging import PERIOD_MS, period_of

SWEPT_AT_ONCE: Final = 2_000
"""Rows of one statement, so that settling waits for a moment only."""
SWEEPS: Final = 50
"""Statements of one call."""
JOINED_FILES: Final = 64
"""Files that are joined at once, at most."""
JOINED_ROWS: Final = 1_000_000
"""Rows of a joined file, about: a file of more is left as it is."""
GRACE_MS: Final = 10 * MINUTE_MS
"""How long a file stays whose place another one took: somebody may be reading it."""


def tidy(means: Means, house: House) -> None:
    """Do all of it, a bounded part each time. May be killed anywhere; one process at a time. Raises: Outage."""
    position = get_watermark().position
    for _ in range(SWEEPS):
        gone = attribution.sweep_told(means, upto=position, limit=SWEPT_AT_ONCE)
        gone += conversions.sweep_told(upto=position, limit=SWEPT_AT_ONCE)
        if not gone:
            break
    with alone(folder_of(house)) as ours:
        if ours:
            _join(means, house)
            _let_go(means, house)
            _remove(means, house)


def _join(means: Means, house: House) -> None:
    """Join the oldest files of one day that are worth it."""
    folder, today = folder_of(house), means.clock.wire_ms() // DAY_MS
    for day, of_day in groupby(list_files(), key=lambda one: one.written_at_ms // DAY_MS):
        runs = _runs(list(of_day))
        for run in runs:
            # What may still grow is joined once it is large, or its day is over.
            is_done = day != today or run is not runs[-1] or len(run) == JOINED_FILES
            if len(run) < 2 or not is_done:  # noqa: PLR2004 - one file is joined already
                continue
            path = folder / name_of(run[0].from_position, run[-1].to_position)
            try:
                join_files(aside(path), [folder / one.name for one in run])
                size = publish(aside(path), path)
            except OSError as error:
                raise Outage(f"the folder of facts: {error.strerror}") from error
            _replace(means, run, size=size)
            return


def _runs(files: list[FileView]) -> list[list[FileView]]:
    """Return files that follow each other, cut where a joined one would have too many rows, or be of too many."""
    runs: list[list[FileView]] = []
    rows = 0
    for one in files:
        if not runs or len(runs[-1]) == JOINED_FILES or rows + one.rows > JOINED_ROWS:
            runs.append([])
            rows = 0
        runs[-1].append(one)
        rows += one.rows
    return runs


@transaction.atomic
def _replace(means: Means, run: list[FileView], *, size: int) -> None:
    """Let a joined file take the place of its parts."""
    now_ms, newest = means.clock.wire_ms(), run[-1]
    Watermark.objects.select_for_update(no_key=True).get(id=1)
    parts = File.objects.filter(
        from_position__gte=run[0].from_position, to_position__lte=newest.to_position, replaced_at_ms=None
    )
    if parts.update(replaced_at_ms=now_ms) != len(run):
        raise Outage("files of facts were changed by another")
    File.objects.create(
        from_position=run[0].from_position,
        to_position=newest.to_position,
        rows=sum(one.rows for one in run),
        size_bytes=size,
        written_at_ms=newest.written_at_ms,
        complete_to_ms=newest.complete_to_ms,
    )


def _let_go(means: Means, house: House) -> None:
    """Let go of the facts of every period that is over for as long as facts are kept. What is not rolled up stays."""
    now_ms = means.clock.wire_ms()
    first_kept = period_of(now_ms - FACTS_LIFE_MS)
    old = File.objects.filter(
        written_at_ms__lt=first_kept * PERIOD_MS,
        to_position__lte=read_manifest(rollups_folder(house)).position,
        replaced_at_ms=None,
    )
    old.update(replaced_at_ms=now_ms)


def _remove(means: Means, house: House) -> None:
    """Remove files that were replaced a while ago, and those that no row knows."""
    File.objects.filter(replaced_at_ms__lt=means.clock.wire_ms() - GRACE_MS).delete()
    known = {name_of(*row) for row in File.objects.values_list("from_position", "to_position")}
    remove_strangers(folder_of(house), known)
