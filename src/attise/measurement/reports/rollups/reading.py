"""How roll-ups are read: one generation, taken once, and statements over its tables. No lock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from attise.kernel.house import House
from attise.measurement.reports.columnar import Table
from attise.measurement.reports.rollups.kinds import Kind
from attise.measurement.reports.rollups.manifest import Manifest, read_manifest, rollups_folder


@dataclass(frozen=True, slots=True)
class Generation:
    """The roll-ups of one moment. Its files stay for ten minutes after a newer one was published."""

    manifest: Manifest
    folder: Path

    def table(self, kind: Kind, moments: tuple[int, int] | None = None) -> Table:
        """Return one roll-up as a table; a row's key may stand in it several times, once for each part.

        Args: moments: hours from one and before another are asked for; rows of others may be left out.
        """
        return Table(kind.name, kind.columns, self.manifest.paths_of(kind.name, self.folder, moments))


def newest(house: House) -> Generation:
    """Return the newest generation of a house, which may hold nothing. Raises: Outage."""
    folder = rollups_folder(house)
    return Generation(read_manifest(folder), folder)
