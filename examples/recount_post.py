"""Count a post's three counts again, from what its page or GET /v1/posts/{id}/counts/rows exports (CSV or JSON)."""

import csv
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

SIGNALS = ("follows", "profile_visits", "completions", "views", "likes", "comments", "shares", "saves")
Z, LEAST_VIEWERS, LEAST_EVENTS, LEAST_ACTIVE, LEAST_P = 1.959964, 30, 10, 20, 0.001


def earned(people: list[dict], signal: str) -> tuple[float, float, float] | None:
    """Return what one campaign earned: a difference of means times those shown, with how far its ends are."""
    arms = []
    for arm in ("shown", "held_out"):
        each = [(int(row["viewers"]), int(row[signal])) for row in people if row["part"] == arm]
        count, events = sum(many for many, _ in each), sum(many * did for many, did in each)
        active, is_yes_no = sum(many for many, did in each if did), all(did in (0, 1) for _, did in each)
        if count < LEAST_VIEWERS:
            return None
        spread = sum(many * (did - events / count) ** 2 for many, did in each) / (count - 1) / count
        arms.append((count, events, spread, active, is_yes_no))
    (shown, did, one, busy, yes), (held, also, other, idle, no) = arms
    part = int(people[0]["holdout_ppm"]) / 1e6  # of viewers that was to be held out: else the arms lost somebody
    off = (held - (shown + held) * part) ** 2 / ((shown + held) * part * (1 - part))
    is_little = did + also < LEAST_EVENTS or (not (yes and no) and min(busy, idle) < LEAST_ACTIVE)
    if is_little or math.erfc(math.sqrt(off / 2)) < LEAST_P:
        return None
    found = middle = did / shown - also / held
    if yes and no:  # one more who did and one more who did not, in each arm
        rates = [((events + 1) / (count + 2), count + 2) for count, events in ((shown, did), (held, also))]
        middle, (one, other) = rates[0][0] - rates[1][0], (rate * (1 - rate) / n for rate, n in rates)
    half = Z * math.sqrt(one + other)
    return shown * found, shown * (found - middle + half), shown * (middle + half - found)


text = Path(sys.argv[1]).read_text("utf-8-sig")
first = text.partition("\n")[0]
rows = json.loads(text)["rows"] if first.startswith("{") else None
rows = rows or list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ","))
campaigns = defaultdict(list)
for row in rows:
    campaigns[row["campaign_id"]].append(row)
for name in SIGNALS:
    sums = [sum(int(row[name]) for row in rows if row["part"] == part) for part in ("organic", "paid")]
    told = [one for id_, people in campaigns.items() if id_ and (one := earned(people, name))]
    count, below, above = sum(one[0] for one in told), *(math.hypot(*(one[end] for one in told)) for end in (1, 2))
    print(name, *sums, f"{count:.2f} {count - below:.2f} {count + above:.2f}" if told else "-")
