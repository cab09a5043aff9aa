"""Pace a daily budget over a log of auctions, without server or database: ``python pace_a_campaign.py LOG.csv BUDGET``.

The log is a CSV file with a header, oldest first: ``at_ms`` (epoch milliseconds), ``value`` (what the impression was
worth to the campaign: bid times predicted rate) and ``price`` (what had to be paid), both in millionths of the currency
unit, as the budget is. Prints the time, the share of the bid that was offered and the price of each auction won; then
what was spent, and what the best constant bid would have brought with the same money. A third argument names the zone
whose midnight begins the budget's day.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from attise.serving.delivery.pacing.hindsight import best_multiplier
from attise.serving.delivery.pacing.replay import replay

with Path(sys.argv[1]).open(newline="") as file:
    lines = list(csv.DictReader(file))
at_ms, value, price = (np.array([float(line[name]) for line in lines]) for name in ("at_ms", "value", "price"))
budget, zone = int(sys.argv[2]), (sys.argv[3:] or ["UTC"])[0]
found = replay(at_ms.astype(np.int64), value, price, budget, zone=zone)
for place in np.flatnonzero(found.won):
    print(f"{at_ms[place]:.0f},{found.bid[place]:.4f},{price[place]:.0f}")
days = max(1, round((at_ms[-1] - at_ms[0]) / 86_400_000))
best = best_multiplier(value, price, budget * days)
won = value[found.won].sum()
print(f"spent {price[found.won].sum():.0f} of {budget} a day; won {won / best.value:.3f} of the best", file=sys.stderr)
