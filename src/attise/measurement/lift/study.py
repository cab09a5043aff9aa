"""One comparison, whole: two arms of viewers, what they differ by, whether that may be believed, what it cost. Pure.

``study`` takes plain arrays, one row for each viewer; a command takes them from a file, a campaign from its records.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attise.measurement.lift.arms import Floats, Share, share_of
from attise.measurement.lift.balance import Balance, balance_of
from attise.measurement.lift.comparing import Difference, Relative, compare, relative
from attise.measurement.lift.costs import Cost, cost_of
from attise.measurement.lift.covariates import Adjusted, adjust
from attise.measurement.lift.planning import detectable


class Verdict(enum.StrEnum):
    """What may be said."""

    MORE = "more"
    """Who was shown the ad did it more."""
    LESS = "less"
    NOT_TOLD = "not_told"
    """Nothing between the ends of the interval is left out, nothing among them: this is not *no effect*."""
    TOO_LITTLE = "too_little"
    """There is too little to say anything."""
    BROKEN = "broken"
    """The arms are not as large as chance makes them: whatever they differ by is not to be believed."""


@dataclass(frozen=True, slots=True)
class Study:
    """What a comparison came to; amounts are in the units of what was given."""

    shown: Share
    held: Share
    """Who was held out."""
    effect: Difference
    """For each viewer who was shown it."""
    relative: Relative | None
    balance: Balance | None
    """None: nobody said how large the arms were to be."""
    cost: Cost | None
    """Of one more outcome; None: no money was given."""
    adjusted: Adjusted | None
    """None: nothing was known of viewers from before."""
    detectable: float
    """The least effect that these arms would show four times of five; infinite where an arm has nobody."""

    @property
    def verdict(self) -> Verdict:
        """What may be said."""
        if self.balance is not None and not self.balance.is_right:
            return Verdict.BROKEN
        if not self.effect.is_told:
            return Verdict.TOO_LITTLE
        if not self.effect.differs:
            return Verdict.NOT_TOLD
        return Verdict.MORE if self.effect.difference > 0 else Verdict.LESS

    @property
    def caused(self) -> tuple[float, float, float]:
        """How many outcomes the ad brought of those who were shown it, with the ends of its interval."""
        effect, viewers = self.effect, self.shown.viewers
        return effect.difference * viewers, effect.low * viewers, effect.high * viewers


def study(
    outcomes: Floats,
    is_held: NDArray[np.bool_],
    *,
    held_part: float | None = None,
    money: Floats | None = None,
    before: Floats | None = None,
) -> Study:
    """Compare viewers who were shown something with those who were held out.

    Args: outcomes: float64[n], what each viewer did since they were, or would have been, shown it first; is_held:
    bool[n]; held_part: the part of viewers that was to be held out, 0..1; money: float64[n], spent on each; before:
    float64[n], the same of each viewer from before, NaN where it is not known.
    Invariants: all arrays are as long.
    """
    arms = [outcomes[~is_held], outcomes[is_held]]
    changed = None
    if before is not None and all(map(len, arms)):
        changed = adjust((arms[0], before[~is_held]), (arms[1], before[is_held]))
    shown, held = (share_of(arm) for arm in arms)
    compared = (shown, held) if changed is None or not changed.is_used else _narrowed(changed, shown, held)
    cost = None
    if money is not None:
        cost = cost_of((arms[0], money[~is_held]), (arms[1], money[is_held]))
    spread = max(_pooled(shown, held), 0.0)
    if changed is not None and changed.is_used:
        spread *= 1 - changed.explained
    return Study(
        shown,
        held,
        compare(*compared),
        relative(*compared),
        None if held_part is None else balance_of(shown.viewers, held.viewers, expected=held_part),
        cost,
        changed,
        detectable(spread, first=shown.viewers, second=held.viewers) if spread else math.inf,
    )


def _narrowed(changed: Adjusted, shown: Share, held: Share) -> tuple[Share, Share]:
    """Return arms as what is known from before leaves them; how many did anything is what it was."""
    return (
        replace(share_of(changed.first), active=shown.active),
        replace(share_of(changed.second), active=held.active),
    )


def _pooled(shown: Share, held: Share) -> float:
    """Return the variance of one viewer, of both arms together."""
    viewers = shown.viewers + held.viewers
    return (shown.spread * shown.viewers + held.spread * held.viewers) / viewers if viewers else 0.0
