"""How good predictions were: of rates and labels, each row weighted by what it stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]


def log_loss(rates: Numbers, labels: NDArray[np.integer], weights: Numbers | None = None) -> float:
    """Return the mean logarithmic loss, in nats; rates are moved a millionth of a millionth inside 0 and 1."""
    held = np.clip(np.asarray(rates, dtype=np.float64), 1e-12, 1 - 1e-12)
    losses = -np.where(labels == 1, np.log(held), np.log1p(-held))
    return float(np.average(losses, weights=weights))


def normalised_entropy(rates: Numbers, labels: NDArray[np.integer], weights: Numbers | None = None) -> float:
    """Return log loss over the entropy of the overall rate: 1 says nothing, lower is better.

    Source: He et al. (2014), section 3. Labels must be of both kinds.
    """
    base = float(np.average(labels == 1, weights=weights))
    return log_loss(rates, labels, weights) / -float(base * np.log(base) + (1 - base) * np.log(1 - base))


def calibration_ratio(rates: Numbers, labels: NDArray[np.integer], weights: Numbers | None = None) -> float:
    """Return what was predicted over what happened: 1 is right, 2 promises twice as much as there was."""
    heavy = np.ones(len(labels)) if weights is None else weights
    return float((rates * heavy).sum() / max(float(((labels == 1) * heavy).sum()), 1e-12))


def calibration_by_tenth(rates: Numbers, labels: NDArray[np.integer]) -> list[float]:
    """Return the calibration ratio of each tenth of the rows, from the lowest rates to the highest."""
    order = np.argsort(rates, kind="stable")
    return [calibration_ratio(rates[part], labels[part]) for part in np.array_split(order, 10)]


def area_under_curve(rates: Numbers, labels: NDArray[np.integer]) -> float:
    """Return the share of (event, no event) pairs that rates order rightly; ties count half."""
    _, place, many = np.unique(rates, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(many) - (many - 1) / 2)[place]
    events = int((labels == 1).sum())
    others = len(labels) - events
    return float((ranks[labels == 1].sum() - events * (events + 1) / 2) / max(events * others, 1))
