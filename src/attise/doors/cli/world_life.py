"""The past of an example world: some days that are lived before it is served for the first time.

Its people, posts and brands are simulated (``simulator.story``), and the first person's creator and advertiser are
among them, so that whoever opens the consoles finds days of their own. It is kept after each turn (``keeping``): one
that was cut short goes on with the turn after that, and loses what people were doing at that moment. Once it is lived,
``life`` goes on from what was kept.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from attise.doors.cli.living import hurry, move_in_for_good
from attise.doors.edge.serving.compiling import Compiling
from attise.doors.edge.serving.files import Folders
from attise.doors.site.life import STATE, Life, read_life, write_life
from attise.kernel.clock import SystemClock
from attise.kernel.limits import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from attise.doors.cli.living import Living
    from attise.doors.site.setup import Process
    from attise.simulator.drawing import Size
    from attise.simulator.story import Lived, Story

CLIPS: Final = ((6, "aurora"), (9, "confetti"), (12, "sunburst"), (15, "dunes")) * 3
"""Seconds and style of each clip; the same style twice has other colours and another beat."""
MAKERS: Final = 2
TURN_MS: Final = HOUR_MS // 2
"""A turn of a past that is lived in a hurry."""

Tell = Callable[[float, str], None]


def live(
    process: Process, size: Size, *, seed: int, tell: Tell, videos: tuple[Path, ...] = (), behind_days: float = 0.0
) -> Lived:
    """Live the days of ``size`` before this moment in a house that is empty, and hand it over to real time.

    ``behind_days``: how many of them are left, to be lived while it is served. Where a life was begun and cut short, it
    goes on. ``tell`` hears how far it is, 0 to 1, and what is done. Raises: HouseError, where what was kept of it
    cannot be read. Cost: see ``docs/benchmarks.md``.
    """
    from attise.doors.cli.kept_life import read_story
    from attise.doors.site import means
    from attise.management.snapshots.actions import write_file
    from attise.simulator import keeping

    house = process.house
    begun = read_life(house.folder)
    node = 0 if process.claim is None else process.claim.number
    compiling = Compiling(Folders.of(house).kernels, SystemClock(), is_needed=lambda: True)
    hurry()
    try:
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
            living = move_in_for_good(house, begin_ms=begin_ms, node=node)
            story = _begin(living, size, begun, compiling, tell, videos)
        else:
            end_ms = begun.begin_ms + int(begun.days * DAY_MS)
            living = move_in_for_good(house, begin_ms=begun.begin_ms, node=node)
            story, moment_ms = read_story(house.folder, living)
            compiling.start()
            living.pass_to(min(moment_ms + TURN_MS, end_ms))
            keeping.catch_up(story.cast, since_ms=moment_ms - TURN_MS)
        try:
            lived = _live_to(end_ms, story, begun, house.folder / STATE, tell)
        finally:
            living.close()
    finally:
        compiling.end()
        hurry(is_over=True)
        means.install(process)
    write_file(process.means, house, anyway=True)  # the days left more changes behind than an edge may begin from
    write_life(
        house.folder,
        replace(begun, phase="lived", now_ms=end_ms, impressions=lived.impressions, paid=lived.paid),
    )
    return lived


def _begin(living: Living, size: Size, life: Life, compiling: Compiling, tell: Tell, videos: tuple[Path, ...]) -> Story:
    """Make who lives in an empty house, and keep the life before its first turn."""
    from attise.simulator import keeping
    from attise.simulator.beginning import begin
    from attise.simulator.job import lengths_of

    house = living.house
    write_life(house.folder, life)
    with _clips(house.uploads, 0 if videos else len(CLIPS)) as drawn:
        own = living.open_first_time()
        tell(0.0, "clips")
        clips = lengths_of(videos, house.uploads) if videos else drawn()
        compiling.start()
        made = begin(
            living, size, seed=life.seed, own=own, tell=lambda _, what: tell(0.0, what), clips=clips, go_on=True
        )
    keeping.write(house.folder / STATE, made.story)
    write_life(house.folder, replace(life, phase="begun"))
    return made.story


def _live_to(end_ms: int, story: Story, life: Life, path: Path, tell: Tell) -> Lived:
    """Live up to a moment, and keep the life after each turn."""
    from attise.simulator import keeping

    story.turn_ms = TURN_MS

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
