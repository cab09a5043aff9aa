"""A whole snapshot is written: everything that may run, as of one version, into a file that serving maps.

Each data folder has files of its own, written by the workers that serve it; the kernel's lock on the folder lets one
at a time, and is let go when its holder ends, however it ends. Readers hold nobody up and are held up by nobody.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path

from attise.kernel.alone import alone
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.limits import SNAPSHOT_DELTAS, SNAPSHOT_EVERY_MS, SNAPSHOT_FILES
from attise.kernel.means import Means
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.snapshots.models import File
from attise.management.snapshots.queries import FileView, PositionView, count_deltas, get_position, list_files
from attise.management.snapshots.render import Renderer
from attise.records.snapshot.layout import FOLDER, SUFFIX, Header, file_name
from attise.records.snapshot.reader import SnapshotFile, find_newest
from attise.records.snapshot.writer import UNFINISHED, SnapshotWriter

log = logging.getLogger(__name__)

PLACE = "place"
PLACE_BYTES = 16


def folder_of(house: House) -> Path:
    """Return the folder of a house's snapshots, made if it is not there."""
    folder = house.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_file(means: Means, house: House, *, anyway: bool = False) -> FileView | None:
    """Write a whole snapshot if one is due, or ``anyway``; None when none is, or when another process writes it now.

    One is due when the folder has none that this release reads whole, when deltas no longer lead on from it, after
    ``SNAPSHOT_DELTAS`` deltas, and after an hour in which something changed. The newest ``SNAPSHOT_FILES`` are kept;
    whoever has mapped one that goes keeps it until it lets go. Safe to be killed anywhere.
    Raises: Outage, and leaves the files there were. Cost: one pass over all that may run, in a few statements a
    thousand; nobody waits for it.
    """
    folder = folder_of(house)
    with alone(folder) as ours:
        if not ours:
            return None
        place, newest = _place_of(means, folder), None if anyway else find_newest(folder)
        if newest is not None and not _is_due(means, newest):
            _note(means, _view(place, newest.header), folder)  # whoever wrote it may have died before
            return None
        began_ms = means.clock.wire_ms()
        try:
            header = _write(means, folder)
        except OSError as error:  # the disk is full, or goes
            raise Outage(f"the folder of snapshots: {error.strerror}") from error
        view = _view(place, header, took_ms=means.clock.wire_ms() - began_ms)
        _keep_newest(folder, view.name)
        _note(means, view, folder)
    log.info("snapshot %d: %d ads, %d posts, %d ms", view.version, view.ads, view.posts, view.took_ms)
    return view


def remove_files(house: House) -> None:
    """Remove every snapshot of a data folder, as when a house is emptied; the worker writes another."""
    for path in folder_of(house).glob(f"*{SUFFIX}"):
        path.unlink(missing_ok=True)


def _is_due(means: Means, newest: SnapshotFile) -> bool:
    """Tell whether another snapshot is to follow on the newest one."""
    header, position = newest.header, get_position()
    if not newest.is_of_this_release or not _leads_on(header, position):
        return True
    if position.number - header.number >= SNAPSHOT_DELTAS:
        return True
    is_old = means.clock.wire_ms() - header.made_at_ms >= SNAPSHOT_EVERY_MS
    return is_old and outbox.get_version() > header.version


def _leads_on(header: Header, position: PositionView) -> bool:
    """Tell whether every delta since a snapshot is still there."""
    missing = position.number - header.number  # less than none: the database was put back, or is another one
    return missing >= 0 and count_deltas(header.number, position.number) == missing


def _view(place: str, header: Header, *, took_ms: int = 0) -> FileView:
    return FileView(
        place=place,
        version=header.version,
        number=header.number,
        name=file_name(header.version),
        ads=header.ads,
        posts=header.posts,
        size_bytes=header.size,
        took_ms=took_ms,
        made_at_ms=header.made_at_ms,
    )


def _write(means: Means, folder: Path) -> Header:
    """Write what may run at this moment."""
    with outbox.at_one_version() as version:
        position = get_position()
        now = means.clock.wire_ms()
        with SnapshotWriter(folder, version=version, number=position.number, made_at_ms=now) as writer:
            render = Renderer(means)
            for post in render.all_posts():
                writer.add_post(post)
            for ad in render.all_ads():
                writer.add_ad(ad)
            return writer.commit()


def _keep_newest(folder: Path, written: str) -> None:
    """Remove what is older than the newest files, what is of a database that was put back since, and leftovers."""
    names = sorted(folder.glob(f"*{SUFFIX}"))
    later = [path for path in names if path.name > written]
    earlier = names[: len(names) - len(later)][:-SNAPSHOT_FILES]
    for path in [*earlier, *later, *folder.glob(f".*{UNFINISHED}")]:
        path.unlink(missing_ok=True)


def _note(means: Means, view: FileView, folder: Path) -> None:
    """Keep the row of a file, and none of files that went. Cost: one query when all is noted."""
    names = {path.name for path in folder.glob(f"*{SUFFIX}")}
    noted = {row.name: row.made_at_ms for row in list_files(view.place)}
    if noted.get(view.name) != view.made_at_ms or not noted.keys() <= names:
        _keep_rows(means, view, sorted(names - {view.name}))


@verb
def _keep_rows(means: Means, view: FileView, others: list[str]) -> None:
    with unit(means):
        File.objects.filter(place=view.place).exclude(name__in=others).delete()
        File.objects.create(id=means.ids.next(), **asdict(view))


def _place_of(means: Means, folder: Path) -> str:
    """Return the name of a data folder among those of one database; made once, under the folder's lock."""
    path = folder / PLACE
    if not path.exists():
        draft = path.with_suffix(UNFINISHED)
        draft.write_text(means.chance.token(PLACE_BYTES).hex())
        draft.rename(path)
    return path.read_text()
