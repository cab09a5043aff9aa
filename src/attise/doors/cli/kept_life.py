"""What was kept of a life, read so that it goes on; one that cannot be read is told to the person who starts it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attise.doors.site.life import STATE
from attise.kernel.house import HouseError

if TYPE_CHECKING:
    from attise.simulator.stage import Stage
    from attise.simulator.story import Story


def read_story(folder: Path, stage: Stage) -> tuple[Story, int]:
    """Return the life that was kept in a data folder, on a stage, and up to where it was lived.

    Raises: HouseError, where it cannot be read.
    """
    from attise.simulator import keeping

    path = folder / STATE
    try:
        return keeping.decode(path.read_bytes(), stage)
    except (OSError, ValueError) as error:
        raise HouseError(
            f"The life kept in {path} cannot be read ({error}): it cannot go on. Make another world in a new "
            "folder, with --data; one that was served before is still served with --still."
        ) from error
