"""How many requests may explore with the next version, from what draws won under those before it.

Facts tell of a decision half an hour after it and later, when several versions with other shares have followed the one
that decided. So the share of each version is kept, and what is counted is how many impressions of exploring requests
there were by the shares under which they were decided, and how many of them a draw won.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction import thompson
from attise.serving.prediction.heads import NOT_TOLD
from attise.serving.training.facts import Facts

KEPT_SHARES: Final = 1_024
"""Versions whose shares are known; of those before, ``thompson.MOST_SHARE`` is supposed."""


class Trials:
    """What is known of trials. Mutable; a trainer has one."""

    def __init__(self) -> None:
        """Begin as a new house does: version 0 explores in as many requests as the budget has impressions."""
        self.share = thompson.MOST_SHARE
        self.tried = 0.0
        """Impressions that a draw won and the mean would not have, since the share was last changed; beside it, of how
        many in requests that explored."""
        self.explored = 0.0
        self.versions = np.zeros(1, dtype=np.int64)
        self.shares = np.array([self.share])

    def add(self, facts: Facts, version: int) -> None:
        """Count what facts say, and settle the share of a version that was learned from them."""
        told = (facts.is_exploration != NOT_TOLD) & ~facts.is_late
        place = np.minimum(np.searchsorted(self.versions, facts.model_version[told]), len(self.versions) - 1)
        is_known = self.versions[place] == facts.model_version[told]
        weight = facts.weight[told].astype(np.float64)
        self.explored += float((weight * np.where(is_known, self.shares[place], thompson.MOST_SHARE)).sum())
        self.tried += float(weight[facts.is_exploration[told] == 1].sum())
        if self.explored >= thompson.LEAST_EXPLORED:
            self.share = thompson.next_share(self.share, tried=self.tried, explored=self.explored)
            self.tried = self.explored = 0.0
        self.versions = np.append(self.versions, version)[-KEPT_SHARES:]
        self.shares = np.append(self.shares, self.share)[-KEPT_SHARES:]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays, by name: what ``of`` reads."""
        now = np.array([self.share, self.tried, self.explored])
        return {"trials.now": now, "trials.versions": self.versions, "trials.shares": self.shares}

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]]) -> Trials:
        """Return what ``arrays`` said; a beginning where a file of before says nothing."""
        found = cls()
        if "trials.now" in arrays:
            found.share, found.tried, found.explored = arrays["trials.now"].tolist()
            found.versions, found.shares = arrays["trials.versions"], arrays["trials.shares"]
        return found
