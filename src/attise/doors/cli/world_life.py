"""The past of an example world: some days that are lived before it is served for the first time.

Its people, posts and brands are simulated (``simulator.story``), and the first person's creator and advertiser are
among them, so that whoever opens the consoles finds days of their own. It is kept after each turn (``keeping``): one
that was cut short goes on with the turn after that, and loses what people were doing at that moment. Once it is lived,
``life`` goes on from what was kept.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from attise.doors.cli.living import hurry, move_in_for_good
from attise.doors.edge.serving.compiling import Compiling
from attise.doors.edge.serving.files import Folders
from attise.doors.site.life import STATE, Life, read_life, write_life
from attise.doors.site.setup import open_process, release_process
from attise.kernel.clock import SystemClock
from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.measurement.ingest.sqlite_log import FILE as LOG_FILE

if TYPE_CHECKING:
    from attise.doors.cli.living import Living
    from attise.doors.site.setup import Process
    from attise.simulator.drawing import Size
    from attise.simulator.story import Lived, Story

CLIPS: Final = ((6, "aurora"), (9, "confetti"), (12, "sunburst"), (15, "dunes")) * 3
"""Seconds and style of each clip; the same style twice has other colours and another beat."""
FPS: Final = 24
MAKERS: Final = 2
TURN_MS: Final = HOUR_MS // 2
"""A turn of a past that is lived in a hurry."""
HOUSE_MS: Final = 2 * HOUR_MS
"""How often its house is kept."""

Tell = Callable[[float, str], None]


def live(
    process: Process,
    size: Size,
    *,
    seed: int,
    tell: Tell,
    videos: tuple[Path, ...] = (),
    behind_days: float = 0.0,
    in_two: bool = True,
) -> Lived:
    """Live the days of ``size`` before this moment in a house that is empty, and hand it over to real time.

    ``behind_days``: how many of them are left, to be lived while it is served. Where a life was begun and cut short, it
    goes on. ``tell`` hears how far it is, 0 to 1, and what is done. ``in_two``: whether a process of its own counts,
    in the house that the environment names. Raises: HouseError, where what was kept of it cannot be read.
    Cost: see ``docs/benchmarks.md``.
    """
    from attise.doors.cli.kept_life import read_story
    from attise.doors.site import means
    from attise.management.snapshots.actions import write_file
    from attise.simulator import keeping

    house = process.house
    begun = read_life(house.folder)
    with ExitStack() as held:
        beside = open_process(house, "settle")
        held.callback(release_process, beside)
        held.callback(means.install, process)
        held.callback(_bring_log_to_disk, house.folder)
        held.callback(hurry, is_over=True)
        hurry()
        compiling = Compiling(Folders.of(house).kernels, SystemClock(), is_needed=lambda: True)
        held.callback(compiling.end)
        nodes = [0 if one.claim is None else one.claim.number for one in (process, beside)]

        def move_in(begin_ms: int) -> Living:
            living = move_in_for_good(house, begin_ms=begin_ms, node=nodes[0], counting_node=nodes[1], in_two=in_two)
            held.callback(living.close)
            return living

        if begun is None:
            end_ms = process.clock.wire_ms()
            days = size.days - behind_days
            begin_ms = end_ms - int(days * DAY_MS)
            begun = Life(
                seed=seed,
                days=days,
                begin_ms=begin_ms,
                phase="making",
                until_ms=end_ms + int(behind_days * DAY_MS),
            )
            story = _begin(move_in(begin_ms), size, begun, compiling, tell, videos)
        else:
            end_ms = begun.begin_ms + int(begun.days * DAY_MS)
            living = move_in(begun.begin_ms)
            story, moment_ms = read_story(house.folder, living)
            compiling.start()
            living.pass_to(min(moment_ms + TURN_MS, end_ms))
            keeping.catch_up(story.cast, since_ms=moment_ms - TURN_MS)
        lived = _live_to(end_ms, story, begun, house.folder / STATE, tell)
    write_file(process.means, house, anyway=True)  # the days left more changes behind than an edge may begin from
    write_life(
        house.folder,
        replace(begun, phase="lived", now_ms=end_ms, impressions=lived.impressions, paid=lived.paid),
    )
    return lived


def _bring_log_to_disk(folder: Path) -> None:
    """Have the log of events outlive a power cut, which nobody waited for while it was written."""
    for path in folder.glob(f"{LOG_FILE}*"):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _begin(living: Living, size: Size, life: Life, compiling: Compiling, tell: Tell, videos: tuple[Path, ...]) -> Story:
    """Make who lives in an empty house, and keep the life before its first turn."""
    from attise.simulator import keeping
    from attise.simulator.beginning import begin
    from attise.simulator.job import lengths_of

    house = living.house
    write_life(house.folder, life)
    with _clips(house.uploads, 0 if videos else len(CLIPS)) as (clips, drawn):
        own = living.open_first_time()

        def ready() -> None:
            drawn()
            compiling.start()  # now that there is a core for it

        made = begin(
            *(living, size),
            seed=life.seed,
            own=own,
            tell=lambda _, what: tell(0.0, what),
            clips=lengths_of(videos, house.uploads) if videos else clips,
            drawn=ready,
            go_on=True,
        )
    keeping.write(house.folder / STATE, made.story)
    write_life(house.folder, replace(life, phase="begun"))
    return made.story


def _live_to(end_ms: int, story: Story, life: Life, path: Path, tell: Tell) -> Lived:
    """Live up to a moment, and keep the life after each turn."""
    from attise.simulator import keeping

    story.turn_ms, story.house_ms = TURN_MS, HOUSE_MS

    def told(moment_ms: int) -> None:
        keeping.write(path, story)
        done = (moment_ms - life.begin_ms) / (end_ms - life.begin_ms)
        lived = story.lived
        tell(
            done,
            f"day {int(done * life.days) + 1} of {life.days:g}: {lived.impressions:,} impressions, {lived.paid:,} paid",
        )

    lived = story.live(end_ms, told)
    keeping.write(path, story)
    return lived


@contextmanager
def _clips(folder: Path, many: int) -> Iterator[tuple[list[tuple[Path, float]], Callable[[], None]]]:
    """Begin to draw so many clips in processes of their own, which go with the block.

    Yields where they will lie, each with its seconds, and what waits until they do.
    """
    with (
        tempfile.TemporaryDirectory(dir=folder) as work,
        ProcessPoolExecutor(MAKERS, mp_context=multiprocessing.get_context("spawn")) as makers,
    ):
        paths = [Path(work) / f"clip-{number}.mp4" for number in range(many)]
        drawing = [makers.submit(draw, path, number) for number, path in enumerate(paths)]

        def drawn() -> None:
            for one in drawing:
                one.result()

        yield [(path, float(seconds)) for path, (seconds, _) in zip(paths, CLIPS, strict=False)], drawn


def draw(path: Path, number: int) -> None:
    """Draw one clip; called in a process of its own."""
    from attise.management.posts.media.clips import make_clip

    seconds, style = CLIPS[number]
    named: Any = style
    make_clip(path, seconds=float(seconds), seed=number, style=named, fps=FPS)
