"""What is shown: topic, hidden quality, how it begins, how much it makes people talk. Posts and standard ads alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attise.simulator.truth.tastes import Floats, draw_near

TALENT_PART: Final = 0.45
"""Of what the posts of one creator share of their quality."""


@dataclass(slots=True)
class Works:
    """Works by number; every array has one entry for each."""

    topic: Floats
    """float32[n, DIMENSIONS]."""
    quality: Floats
    """About 0; a tenth of them are above 1.3. Shown to nobody."""
    hook: Floats
    """How well it begins."""
    talk: Floats
    """How much it asks to be commented and shared."""
    duration_s: Floats

    def __len__(self) -> int:
        return len(self.topic)

    def add(self, more: Works) -> None:
        """Take in further works, numbered from the last one on."""
        for one in fields(self):
            setattr(self, one.name, np.concatenate([getattr(self, one.name), getattr(more, one.name)]))


def draw_works(
    rng: Generator, directions: Floats, category: NDArray[np.int64], talent: Floats, duration_s: Floats
) -> Works:
    """Return works, one for each entry of ``category``, ``talent`` (of its creator, about 0) and ``duration_s``."""
    count = len(category)
    normal = rng.standard_normal((3, count), dtype=np.float32)
    quality = np.sqrt(TALENT_PART) * talent + np.sqrt(1 - TALENT_PART) * normal[0]
    return Works(
        topic=draw_near(rng, directions[category], 0.7),
        quality=quality.astype(np.float32),
        hook=(0.5 * quality + 0.85 * normal[1]).astype(np.float32),
        talk=(0.4 * quality + 0.9 * normal[2]).astype(np.float32),
        duration_s=duration_s.astype(np.float32),
    )
