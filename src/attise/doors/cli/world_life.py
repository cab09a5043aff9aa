"""The past of an example world: some days that are lived before it is served for the first time.

Its people, posts and brands are simulated (``simulator.story``), and the first person's creator and advertiser are
among them, so that whoever opens the consoles finds days of their own. A life that was cut short is not begun again:
what had happened is whole, and the world is served as it is.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attise.doors.cli.living import hurry, move_in_for_good
from attise.doors.edge.serving.compiling import Compiling
from attise.doors.edge.serving.files import Folders
from attise.kernel.clock import SystemClock
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.serving import kernels

if TYPE_CHECKING:
    from attise.doors.site.setup import Process
    from attise.simulator.drawing import Size
    from attise.simulator.story import Lived

BOOK: Final = "life.json"
"""In the data folder: how far the life of this world came."""
CLIPS: Final = ((6, "aurora"), (9, "confetti"), (12, "sunburst"), (15, "dunes")) * 3
"""Seconds and style of each clip; the same style twice has other colours and another beat."""
MAKERS: Final = 2
TURN_MS: Final = HOUR_MS // 2
"""A turn of a past that is lived in a hurry."""

Tell = Callable[[float, str], None]


def is_lived(folder: Path) -> bool:
    """Tell whether a life was begun in a folder, whole or not."""
    return (folder / BOOK).exists()


def live(process: Process, size: Size, *, seed: int, tell: Tell, videos: tuple[Path, ...] = ()) -> Lived:
    """Live the days of ``size`` before this moment in a house that is empty, and hand it over to real time.

    ``tell`` hears how far it is, 0 to 1, and what is done. Cost: see ``docs/benchmarks.md``.
    """
    from attise.doors.site import means
    from attise.management.snapshots.actions import write_file
    from attise.simulator.beginning import begin
    from attise.simulator.job import lengths_of

    house, days = process.house, size.days
    end_ms = process.clock.wire_ms()
    begin_ms = end_ms - int(days * DAY_MS)
    _note(house.folder, {"seed": seed, "days": days, "state": "begun"})
    compiling = Compiling(Folders.of(house).kernels, SystemClock(), is_needed=lambda: True)
    hurry()
    living = move_in_for_good(house, begin_ms=begin_ms, node=0 if process.claim is None else process.claim.number)
    try:
        with _clips(house.uploads, 0 if videos else len(CLIPS)) as drawn:
            own = living.open_first_time()
            tell(0.0, "clips")
            clips = lengths_of(videos, house.uploads) if videos else drawn()
            compiling.start()
            made = begin(living, size, seed=seed, own=own, tell=lambda _, what: tell(0.0, what), clips=clips)
        made.story.turn_ms = TURN_MS

        def told(moment_ms: int) -> None:
            done = (moment_ms - begin_ms) / (end_ms - begin_ms)
            lived = made.story.lived
            tell(
                done, f"day {int(done * days) + 1} of {days:g}: {lived.impressions:,} impressions, {lived.paid:,} paid"
            )

        lived = made.story.live(end_ms, told)
    finally:
        living.close()
        compiling.end()
        hurry(is_over=True)
        means.install(process)
    write_file(process.means, house, anyway=True)  # the days left more changes behind than an edge may begin from
    _note(house.folder, {"seed": seed, "days": days, "state": "lived", **lived.plain(), "kernels": kernels.are_ready()})
    return lived


def _note(folder: Path, book: dict[str, Any]) -> None:
    draft = folder / f".{BOOK}"
    draft.write_text(json.dumps(book, indent=1))
    draft.replace(folder / BOOK)


@contextmanager
def _clips(folder: Path, many: int) -> Iterator[Callable[[], list[tuple[Path, float]]]]:
    """Begin to draw so many clips in processes of their own; what is yielded waits for them. They go with the block."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as work,
        ProcessPoolExecutor(MAKERS, mp_context=multiprocessing.get_context("spawn")) as makers,
    ):
        paths = [Path(work) / f"clip-{number}.mp4" for number in range(many)]
        drawing = [makers.submit(draw, path, number) for number, path in enumerate(paths)]

        def drawn() -> list[tuple[Path, float]]:
            for one in drawing:
                one.result()
            return [(path, float(seconds)) for path, (seconds, _) in zip(paths, CLIPS, strict=False)]

        yield drawn


def draw(path: Path, number: int) -> None:
    """Draw one clip; called in a process of its own."""
    from attise.management.posts.media.clips import make_clip

    seconds, style = CLIPS[number]
    make_clip(path, seconds=float(seconds), seed=number, style=style)  # type: ignore[arg-type]  # one of its styles
