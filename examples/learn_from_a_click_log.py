"""Learn from a click log and predict, without server or database: ``python learn_from_a_click_log.py LOG.csv MODELS``.

The log is a CSV file with a header and one line for each impression, oldest first. Columns are those of
``attise.serving.training.facts``: ad_id and click at least; advertiser_id, category, viewer_age, viewer_country and
others help. Nine tenths are learned from; the rest are predicted, judged, and printed with their rates.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from attise.serving.prediction.heads import CLICK
from attise.serving.prediction.model import read_model
from attise.serving.training.facts import facts_of
from attise.serving.training.measures import calibration_ratio, normalised_entropy
from attise.serving.training.replay import replay
from attise.serving.training.turn import take_turn

with Path(sys.argv[1]).open(newline="") as file:
    lines = list(csv.DictReader(file))
facts = facts_of({name: np.array([line[name] for line in lines]) for name in lines[0]})
cut = len(facts) * 9 // 10
path = take_turn(Path(sys.argv[2]), facts.take(slice(cut)), mark=1, conversions_come_late=False)
if path is None:
    sys.exit("These models have learned from this log already. Name an empty folder.")
rates = replay(read_model(path), facts.take(slice(cut, None)))[1][:, CLICK]
clicks = facts.labels[cut:, CLICK]
for ad, rate in zip(facts.ads.ad_id[cut:], rates, strict=True):
    print(f"{ad},{rate:.5f}")
told = (
    f"entropy {normalised_entropy(rates, clicks):.4f}, promised clicks to clicks {calibration_ratio(rates, clicks):.3f}"
)
print(f"{path}: {told}", file=sys.stderr)
