"""Say what an ad changed: plain arrays in, a difference with its interval out. It needs no house and no file."""

import numpy as np

from attise.measurement.lift.planning import spread_of_rate, viewers_needed
from attise.measurement.lift.study import study

rng = np.random.default_rng(1)
HELD = 0.2  # a fifth of the viewers, drawn by chance, never sees the ad
need = viewers_needed(spread_of_rate(0.05), effect=0.01, second_part=HELD)
print(f"before: {need} viewers would show one point more than 5 %")

is_held = rng.random(30_000) < HELD
habit = rng.gamma(2.0, 1.0, 30_000)  # what each did before: it is no effect of the ad
bought = (rng.random(30_000) < np.where(is_held, 0.05, 0.065)).astype(float)
minutes = habit + rng.normal(0.0, 1.0, 30_000) + np.where(is_held, 0.0, 0.1)

for name, outcomes in (("bought", bought), ("minutes", minutes)):
    found = study(outcomes, is_held, held_part=HELD, money=np.where(is_held, 0.0, 0.02), before=habit)
    effect, (_, low, high) = found.effect, found.caused
    print(f"{name}: {found.verdict}, {effect.difference:+.4f} [{effect.low:+.4f}, {effect.high:+.4f}] a viewer")
    print(f"  brought {low:.0f} to {high:.0f}; one more costs {found.cost.low:.2f} to {found.cost.high:.2f}")
    print(f"  the past explains {found.adjusted.explained:.0%}; used: {found.adjusted.is_used}")
