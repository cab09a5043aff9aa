"""How roll-ups grow: the next files of facts become one more part, and small parts become a large one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from attise.measurement.reports import columnar
from attise.measurement.reports.columnar import Table, facts_table
from attise.measurement.reports.engines import Engine
from attise.measurement.reports.folder import FileView, aside, publish
from attise.measurement.reports.rollups.kinds import HOURS, KINDS, OF_NAME, told
from attise.measurement.reports.rollups.manifest import Manifest, Part
from attise.measurement.reports.rollups.merging import ADDED_UP_ROWS, period_of, tail_to_merge

ROLLED_ROWS: Final = 2_000_000
"""Facts of one step, about."""


def next_run(files: Sequence[FileView]) -> list[FileView]:
    """Return the files that are rolled up next: of one period, and not too many rows."""
    run: list[FileView] = []
    for one in files:
        if run and (
            period_of(one.written_at_ms) != period_of(run[0].written_at_ms)
            or sum(other.rows for other in run) + one.rows > ROLLED_ROWS
        ):
            break
        run.append(one)
    return run


def grown(
    manifest: Manifest, run: Sequence[FileView], *, folder: Path, facts: Path, engine: Engine = columnar
) -> Manifest:
    """Write the part of some files of facts; small parts stay what they are until ``joined``.

    Returns the generation that has it, which is not published. Args: folder: of roll-ups; facts: of the files. Raises:
    Outage, OSError. Cost: some 3 µs a fact.
    """
    part = Part(
        from_position=manifest.position,
        to_position=run[-1].to_position,
        generation=manifest.generation,
        period=period_of(run[0].written_at_ms),
        rows=sum(one.rows for one in run),
    )
    stretch, told_of = told(part.from_position, part.to_position), facts_table([facts / one.name for one in run])
    made: dict[str, Path] = {}
    for kind in KINDS:
        if kind.source in OF_NAME:
            table = Table(kind.source, OF_NAME[kind.source].columns, [made[kind.source]])
            made[kind.name] = _write(engine, folder / part.name_of(kind.name), kind.made(kind.source), table)
        else:
            made[kind.name] = _write(engine, folder / part.name_of(kind.name), kind.made(*stretch), told_of)
    first_ms, last_ms = _hours_of(engine, made[HOURS.name])
    part = msgspec.structs.replace(part, first_ms=first_ms, last_ms=last_ms)
    return msgspec.structs.replace(manifest, position=part.to_position, parts=(*manifest.parts, part))


def joined(manifest: Manifest, *, folder: Path, engine: Engine = columnar) -> Manifest:
    """Write the newest parts as one where that is due; the same generation where it is not.

    Raises: Outage, OSError. Cost: some 3 µs for each fact of them, which ``merging`` keeps rare.
    """
    many = tail_to_merge(manifest.parts) if manifest.parts else 1
    if many == 1:
        return manifest
    whole = _merged(engine, manifest.parts[-many:], manifest.generation, folder)
    return msgspec.structs.replace(manifest, parts=(*manifest.parts[:-many], whole))


def _merged(engine: Engine, parts: Sequence[Part], generation: int, folder: Path) -> Part:
    whole = Part(
        from_position=parts[0].from_position,
        to_position=parts[-1].to_position,
        generation=generation,
        period=parts[-1].period,
        rows=sum(part.rows for part in parts),
        kinds=parts[-1].kinds,
        first_ms=_of_all(min, [part.first_ms for part in parts]),
        last_ms=_of_all(max, [part.last_ms for part in parts]),
    )
    for name in whole.kinds:
        kind = OF_NAME[name]
        table = Table("parts", kind.columns, [folder / part.name_of(name) for part in parts])
        merged = kind.merged("parts", adds_up=whole.rows <= ADDED_UP_ROWS)
        _write(engine, folder / whole.name_of(kind.name), merged, table)
    return whole


def _hours_of(engine: Engine, path: Path) -> tuple[int | None, int | None]:
    """Return the first hour and the last of a part, by whichever clock; every other roll-up of it is within them.

    None where it has no row.
    """
    asked = "SELECT MIN(LEAST(hour_ms, local_hour_ms)) AS lowest, MAX(GREATEST(hour_ms, local_hour_ms)) AS highest"
    found = engine.read_tables(f"{asked} FROM {HOURS.name}", Table(HOURS.name, HOURS.columns, [path]))
    lowest, highest = (found[name].tolist()[0] for name in ("lowest", "highest"))
    return lowest, highest


def _of_all(which: Callable[[list[int]], int], moments: Sequence[int | None]) -> int | None:
    """Return the lowest or the highest; None where one is not known."""
    known = [one for one in moments if one is not None]
    return which(known) if len(known) == len(moments) else None


def _write(engine: Engine, path: Path, statement: str, table: Table) -> Path:
    engine.write_table(aside(path), statement, table)
    publish(aside(path), path)
    return path
