"""Conversions that come late: a click that has not converted yet is no negative yet.

A click is learned from at once as one that did not convert, and again, in a row of its own, when it does. The first is
then false for every click that will convert; the two rows are weighted so that what is learned is nevertheless the rate
of clicks that ever convert: positives by ``1 + p``, negatives by ``(1 - p)(1 + p)``, p being what is predicted.

Source: Ktena et al. (2019), *Addressing Delayed Feedback for Continuous Training with Neural Networks in CTR
prediction*, equations 5-8 (fake-negative weighting).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.priors import Rates, rate


def as_told(columns: Mapping[str, Any], converted_at_ms: NDArray[np.int64], *, now_ms: int) -> dict[str, NDArray[Any]]:
    """Return the columns of impressions as a training house hears of them up to ``now_ms``, in that order.

    Args: columns: of ``facts``, lists excepted; ``convert`` is replaced; converted_at_ms: when each row's click
    converted, world time, -1 for never.
    Returns: each impression decided by then, as not converted, and each conversion by then as a late row.
    """
    decided = np.asarray(columns["decided_at_ms"], dtype=np.int64)
    first = np.flatnonzero(decided <= now_ms)
    second = np.flatnonzero((converted_at_ms >= 0) & (converted_at_ms <= now_ms))
    rows = np.concatenate([first, second])
    told_at = np.concatenate([decided[first], converted_at_ms[second]])
    is_late = np.arange(len(rows)) >= len(first)
    order = np.lexsort((rows, told_at))
    found = {name: np.asarray(values)[rows][order] for name, values in columns.items()}
    return {**found, "convert": is_late[order].astype(np.int8), "is_late": is_late[order]}


def late_weights(scores: NDArray[np.floating], labels: NDArray[np.integer]) -> Rates:
    """Return what rows of a head with late positives stand for, by their own scores (log-odds)."""
    p = rate(scores)
    found: Rates = np.where(labels == 1, 1 + p, (1 - p) * (1 + p))
    return found
