"""The kernel of ``ftrl``: imported by those that learn, never by a decision."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.kernels import kernel
from attise.serving.prediction.heads import CLICK, CLICKS, COUNT, IMPRESSIONS, WIDTH

FARTHEST: Final = 30.0
"""Scores beyond it are as good as certain; exp() of more would say nothing else."""


@kernel(
    "void(i8[::1], i4[::1], f4[::1], i1[:, ::1], f4[:, ::1], f4[::1],"
    " f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f8[::1], i8, f4[:, ::1])"
)
def learn_rows(
    starts: NDArray[np.int64],
    slots: NDArray[np.int32],
    values: NDArray[np.float32],
    labels: NDArray[np.int8],
    offsets: NDArray[np.float32],
    importance: NDArray[np.float32],
    z: NDArray[np.float32],
    n: NDArray[np.float32],
    w: NDArray[np.float32],
    q: NDArray[np.float32],
    pace: NDArray[np.float64],
    late_head: int,
    scores: NDArray[np.float32],
) -> None:
    """Learn rows in order; see ``Weights.learn``. Cost: about 10 ns a feature and head."""
    alpha, beta, lambda1, lambda2 = pace[0], pace[1], pace[2], pace[3]
    for i in range(len(starts) - 1):
        for h in range(COUNT):
            score = np.float64(offsets[i, h])
            for j in range(starts[i], starts[i + 1]):
                score += np.float64(w[slots[j], h]) * values[j]
            scores[i, h] = score
            label = labels[i, h]
            if label < 0:
                continue
            held = min(max(score, -FARTHEST), FARTHEST)
            p = 1.0 / (1.0 + math.exp(-held))
            weight = np.float64(importance[i])
            if h == late_head:
                weight *= 1.0 + p if label == 1 else (1.0 - p) * (1.0 + p)
            error = weight * (p - label)
            seen = weight * p * (1.0 - p)
            for j in range(starts[i], starts[i + 1]):
                s, x = slots[j], np.float64(values[j])
                g = error * x
                old = np.float64(n[s, h])
                new = old + g * g
                root = math.sqrt(new)
                drawn = np.float64(z[s, h]) + g - (root - math.sqrt(old)) / alpha * w[s, h]
                z[s, h] = drawn
                n[s, h] = new
                q[s, h] += seen * x * x
                if abs(drawn) <= lambda1:
                    w[s, h] = 0.0
                else:
                    w[s, h] = -(drawn - math.copysign(lambda1, drawn)) / ((beta + root) / alpha + lambda2)


@kernel("void(i8[:, ::1], i1[:, ::1], f4[::1], b1[::1], f4[:, ::1], f4[:, :, ::1])")
def count_rows(
    places: NDArray[np.int64],
    labels: NDArray[np.int8],
    weight: NDArray[np.float32],
    is_late: NDArray[np.bool_],
    counts: NDArray[np.float32],
    before: NDArray[np.float32],
) -> None:
    """Copy what was counted before each row, then count it: places int64[n, levels] of counts float32[m, 8].

    Args: before: float32[n, levels, 8], filled. A late row counts its conversion and no impression.
    """
    for i in range(len(labels)):
        for level in range(places.shape[1]):
            at = places[i, level]
            for h in range(WIDTH):
                before[i, level, h] = counts[at, h]
            for h in range(COUNT):
                if labels[i, h] == 1:
                    counts[at, h] += weight[i]
            if not is_late[i]:
                counts[at, IMPRESSIONS] += weight[i]
            if labels[i, CLICK] == 1:
                counts[at, CLICKS] += weight[i]
