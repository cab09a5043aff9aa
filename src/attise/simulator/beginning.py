"""How a world begins: its clips are drawn, its people declared, and each brand boosts a post that it likes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attise.management.campaigns.actions import Boosted
from attise.management.posts.media.clips import STYLES, make_clip
from attise.simulator.cast import Cast, Own, assemble
from attise.simulator.drawing import Size
from attise.simulator.rivals import Rivals
from attise.simulator.stage import Stage
from attise.simulator.story import Story

SKETCHED_SECONDS: Final = (6, 9, 12, 16)
"""Lengths of the clips of a world that nobody looks at."""

Tell = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A world at its first moment."""

    cast: Cast
    story: Story
    boosted: list[Boosted]
    """What each brand runs, in the order of the brands."""


def begin(
    stage: Stage,
    size: Size,
    *,
    seed: int,
    own: Own,
    tell: Tell,
    clips: Sequence[tuple[Path, float]] | None = None,
    drawn: Callable[[], None] = lambda: None,
    go_on: bool = False,
) -> Beginning:
    """Make a world on an empty house. ``clips``: files with their seconds; None: some are drawn, small ones.

    ``drawn`` is called when the first of them is wanted, and returns when they are there.
    ``go_on``: brands launch further campaigns when theirs are over.
    """
    if clips is None:
        with sketched(stage.house.uploads) as small:
            return begin(stage, size, seed=seed, own=own, tell=tell, clips=small, go_on=go_on)
    cast = assemble(stage, size, seed=seed, clips=clips, drawn=drawn, own=own, tell=tell)
    tell(0.0, "campaigns")
    rivals, boosted = Rivals.begin(stage, cast)
    return Beginning(cast, Story(stage, cast, rivals=rivals if go_on else None), boosted)


@contextmanager
def sketched(folder: Path) -> Iterator[list[tuple[Path, float]]]:
    """Draw small clips into a folder of their own, which is removed in the end. Cost: a second or two."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        made = []
        for number, seconds in enumerate(SKETCHED_SECONDS):
            path = Path(work) / f"clip-{number}.mp4"
            style = STYLES[number % len(STYLES)]
            make_clip(path, seconds=seconds, seed=number, style=style, width=180, height=320, fps=15)
            made.append((path, float(seconds)))
        yield made
