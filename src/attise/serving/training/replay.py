"""What a version of the model would have said of impressions that were: for judging it on facts it has not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction import calibration
from attise.serving.prediction.heads import WIDTH
from attise.serving.prediction.history import counts_of
from attise.serving.prediction.model import Model
from attise.serving.training.facts import Facts
from attise.serving.training.trainer import encode

ROWS_AT_ONCE = 1 << 16


def replay(model: Model, facts: Facts) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return log-odds float32[n, 8] and calibrated rates float32[n, 6], as a decision would have had them.

    Each row is predicted from the version as it is: nothing is counted or learned in between. Cost: 5 µs a row.
    """
    parts = [
        _scores(model, facts.take(slice(begin, begin + ROWS_AT_ONCE))) for begin in range(0, len(facts), ROWS_AT_ONCE)
    ]
    scores = np.concatenate(parts) if parts else np.zeros((0, WIDTH), dtype=np.float32)
    return scores, calibration.apply(model.grid, scores)


def _scores(model: Model, facts: Facts) -> NDArray[np.float32]:
    rows, offsets = encode(facts, model.base, counts_of(model.history, facts.ads), model.slots_log2)
    found = offsets.copy()
    if len(rows.slots):
        found += np.add.reduceat(model.weights[rows.slots] * rows.values[:, None], rows.starts[:-1], axis=0)
    return found
