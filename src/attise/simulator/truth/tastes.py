"""The space that tastes and topics lie in: one direction for each category, and everybody somewhere between them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIMENSIONS: Final = 24


def unit_rows(rows: Floats) -> Floats:
    """Return vectors of length one, float32[n, DIMENSIONS]."""
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def draw_directions(rng: Generator, categories: int) -> Floats:
    """Return a direction for each category, float32[categories, DIMENSIONS]."""
    return unit_rows(rng.standard_normal((categories, DIMENSIONS), dtype=np.float32))


def draw_near(rng: Generator, directions: Floats, spread: float) -> Floats:
    """Return a vector near each of some directions; ``spread``: the length of what chance adds, 1 as much as there is.

    float32[n, DIMENSIONS]
    """
    noise = rng.standard_normal(directions.shape, dtype=np.float32) * np.float32(spread / np.sqrt(DIMENSIONS))
    return unit_rows(directions + noise)
