"""What a house would have served: versions of the model made every few hours, each predicting until the next."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attise.serving.training.facts import Facts
from attise.serving.training.replay import replay
from attise.serving.training.trainer import Trainer

HOUR_MS = 3_600_000


def serve(
    facts: Facts, *, every_ms: int, from_ms: int, slots_log2: int = 18, **options: Any
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the calibrated rates, float32[n, 6], of the rows decided from ``from_ms`` on, and which rows those are.

    A version is made at each multiple of ``every_ms``; rows are predicted by the newest one, then learned from.
    """
    trainer = Trainer(slots_log2=slots_log2, conversions_come_late=False, **options)
    turns = facts.decided_at_ms // every_ms
    rates, rows = [], []
    for turn in np.unique(turns):
        mine = np.flatnonzero(turns == turn)
        now = facts.take(mine)
        if now.decided_at_ms[0] >= from_ms and trainer.version:
            rates.append(replay(trainer.model(), now)[1])
            rows.append(mine)
        trainer.learn(now)
    return np.concatenate(rates), np.concatenate(rows)
