"""FTRL-proximal, one learning rate for each weight, all heads at once.

For a weight w of a feature with value x, on a row with prediction p and label y, weighted c::

    g = c (p - y) x          σ = (√(n + g²) - √n) / α
    z += g - σ w             n += g²
    w  = 0 when |z| ≤ λ₁, else -(z - sgn(z) λ₁) / ((β + √n) / α + λ₂)

and ``q += c p (1 - p) x²`` counts how much has been seen of it, which is what ``thompson`` is unsure by. Rows come in
compressed form: ``slots[starts[i]:starts[i + 1]]`` are row i's features. Every row is predicted before it is learned
from, so the returned scores are those of progressive validation.

Source: McMahan et al. (2013), *Ad Click Prediction: a View from the Trenches*, algorithm 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.features import Encoded
from attise.serving.prediction.heads import WIDTH


@dataclass(frozen=True)
class Pace:
    """How fast and how cautiously to learn. Defaults were chosen on the world of ``attise bench science``."""

    alpha: float = 0.03
    beta: float = 1.0
    lambda1: float = 0.0
    lambda2: float = 1.0


class Weights:
    """What is learned, slot by slot and head by head: float32[slots, 8] each. Mutable; only training holds one."""

    def __init__(self, slots_log2: int) -> None:
        """Begin with nothing learned."""
        shape = (1 << slots_log2, WIDTH)
        self.slots_log2 = slots_log2
        self.z = np.zeros(shape, dtype=np.float32)
        self.n = np.zeros(shape, dtype=np.float32)
        self.w = np.zeros(shape, dtype=np.float32)
        self.q = np.zeros(shape, dtype=np.float32)

    def learn(
        self,
        rows: Rows,
        labels: NDArray[np.int8],
        *,
        offsets: NDArray[np.float32] | None = None,
        importance: NDArray[np.float32] | None = None,
        pace: Pace | None = None,
        late_head: int = -1,
    ) -> NDArray[np.float32]:
        """Predict, then learn from, each row in order; return the scores (log-odds) as predicted, float32[n, 8].

        Args: labels: int8[n, 6], 1, 0 or -1 (not told: the head does not learn from the row); offsets: float32[n, 8],
        log-odds to which features add; importance: float32[n], what a row stands for; late_head: a head whose
        positives come after they were told as negatives: its rows are weighted for that (``training.delays``).
        """
        from attise.serving.prediction.learning import learn_rows

        many = len(rows.starts) - 1
        chosen = pace or Pace()
        scores = np.zeros((many, WIDTH), dtype=np.float32)
        learn_rows(
            rows.starts,
            rows.slots,
            rows.values,
            np.ascontiguousarray(labels, dtype=np.int8),
            np.zeros((many, WIDTH), dtype=np.float32) if offsets is None else offsets,
            np.ones(many, dtype=np.float32) if importance is None else importance,
            self.z,
            self.n,
            self.w,
            self.q,
            np.array([chosen.alpha, chosen.beta, chosen.lambda1, chosen.lambda2]),
            late_head,
            scores,
        )
        return scores


@dataclass(frozen=True)
class Rows:
    """Features in compressed rows: ``starts`` int64[n + 1], ``slots`` int32[m], ``values`` float32[m]."""

    starts: NDArray[np.int64]
    slots: NDArray[np.int32]
    values: NDArray[np.float32]


def compress(padded: Encoded) -> Rows:
    """Return padded features as compressed rows, in the same order."""
    present = padded.slots >= 0
    starts = np.zeros(len(padded.slots) + 1, dtype=np.int64)
    np.cumsum(present.sum(axis=1), out=starts[1:])
    return Rows(starts, padded.slots[present], padded.values[present])
