"""Facts are added up by what reports group by, and the result is published as a generation.

Killed anywhere, nothing is counted twice: the manifest that names the files is what says up to where they reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from attise.kernel.alone import alone
from attise.kernel.errors import Outage
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.measurement.reports.engines import engine_of
from attise.measurement.reports.folder import folder_of, remove_strangers
from attise.measurement.reports.queries import FileView, WatermarkView, get_watermark, list_files
from attise.measurement.reports.rollups.growing import grown, joined, next_run
from attise.measurement.reports.rollups.kinds import SEEN
from attise.measurement.reports.rollups.manifest import (
    GRACE_MS,
    NOTHING,
    Left,
    Manifest,
    publish_manifest,
    read_manifest,
    rollups_folder,
)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What one call came to."""

    facts: int
    is_end: bool
    """Whether all facts that there were when it began are rolled up."""


def roll_up(means: Means, house: House, *, anew: bool = False) -> RolledUp:
    """Roll up facts that came since, a bounded number of them; with ``anew``, all that there are, from nothing.

    One process at a time; another one's call does nothing. Readers see the generation before until the new one is
    whole. Facts that were let go of stay rolled up. Raises: Outage; what was published before it stays. Cost: some 3 µs
    a fact, and as much again when parts become one.
    """
    folder = rollups_folder(house)
    with alone(folder) as ours:
        if not ours:
            return RolledUp(0, is_end=False)
        try:
            done = _turn(means, house, folder, anew=anew)
            _join(means, house, folder)
        except OSError as error:  # the disk is full, or goes
            raise Outage(f"the folder of roll-ups: {error.strerror}") from error
        return done


def _turn(means: Means, house: House, folder: Path, *, anew: bool) -> RolledUp:
    held = read_manifest(folder)
    mark, files = get_watermark(), list_files()
    grows = Manifest(generation=held.generation + 1, position=held.position, parts=held.parts)
    if anew or held.position > mark.position:  # a database was put back: what it knows counts
        grows = _forgotten(grows, files)
    rolled, is_end = 0, False
    while not is_end:
        run = next_run([one for one in files if one.to_position > grows.position])
        if run:
            grows = grown(grows, run, folder=folder, facts=folder_of(house), engine=engine_of(house))
            if anew:
                grows = joined(grows, folder=folder, engine=engine_of(house))
            rolled += sum(one.rows for one in run)
        is_end = not run or run[-1] is files[-1]
        if not anew:
            break
    grows = _reaching(grows, mark, files, is_end=is_end)
    if (grows.position, grows.complete_to_ms, grows.parts) != (held.position, held.complete_to_ms, held.parts):
        _publish(means, folder, held, grows)
    return RolledUp(rolled, is_end=is_end)


def _join(means: Means, house: House, folder: Path) -> None:
    """Let small parts become large ones. What came since is told already, and does not wait for it."""
    held = read_manifest(folder)
    whole = joined(
        msgspec.structs.replace(held, generation=held.generation + 1), folder=folder, engine=engine_of(house)
    )
    if whole.parts != held.parts:
        _publish(means, folder, held, whole)


def _forgotten(manifest: Manifest, files: Sequence[FileView]) -> Manifest:
    """Return a generation without what facts can tell again."""
    begin = files[0].from_position if files else 0
    kept = tuple(part for part in manifest.parts if part.to_position <= begin)
    return msgspec.structs.replace(manifest, parts=kept, position=kept[-1].to_position if kept else 0)


def _reaching(manifest: Manifest, mark: WatermarkView, files: Sequence[FileView], *, is_end: bool) -> Manifest:
    """Say up to when the generation tells, and let go of whom it reached where the facts are gone."""
    rolled = [one for one in files if one.to_position <= manifest.position]
    complete_to_ms = max((one.complete_to_ms for one in rolled), default=0)
    begin = files[0].from_position if files else 0
    kept = tuple(
        msgspec.structs.replace(part, kinds=tuple(name for name in part.kinds if name != SEEN.name))
        if part.to_position <= begin
        else part
        for part in manifest.parts
    )
    if is_end:
        complete_to_ms = max(complete_to_ms, mark.complete_to_ms)
    return msgspec.structs.replace(manifest, complete_to_ms=complete_to_ms, parts=kept)


def _publish(means: Means, folder: Path, before: Manifest, manifest: Manifest) -> None:
    now_ms = means.clock.wire_ms()
    named = set().union(*(part.names() for part in manifest.parts))
    gone = set().union(*(part.names() for part in before.parts)) - named
    left = [one for one in before.left if one.at_ms > now_ms - GRACE_MS]
    left += [Left(name, now_ms) for name in sorted(gone)]
    manifest = msgspec.structs.replace(manifest, left=tuple(left))
    publish_manifest(folder, manifest)
    remove_strangers(folder, manifest.names())


def remove_rollups(house: House) -> None:
    """Remove every roll-up, as when a house is emptied; a reader of this moment may find its files gone."""
    folder = rollups_folder(house)
    publish_manifest(folder, NOTHING)
    remove_strangers(folder, set())
