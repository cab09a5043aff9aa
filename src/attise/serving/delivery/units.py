"""The common unit in which offers of several currencies meet: the euro, by the house's planning ratios.

No amount that somebody owes is converted: an advertiser's price is worked out as a share of its own bid, in its own
currency. See ``docs/decisions/`` on the auction.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.records.lookups import currencies
from attise.serving.targeting.codes import currency_codes


def _unit_of(code: str) -> float:
    row = currencies.find(code)
    return 0.0 if row is None else row.per_eur_denominator / row.per_eur_numerator


UNITS: Final[NDArray[np.float64]] = np.array([_unit_of(code) for code in currency_codes().words])
"""float64[n_currencies]: euros that one unit is taken for, by ``codes.currency_codes``; 0: not known, worth nothing."""
