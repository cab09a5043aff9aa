"""Others' learners on the same rows: Vowpal Wabbit and LightGBM, development dependencies that nothing else needs.

They are given what ours is given: the declared facts, the posts' organic records, how often each ad was shown before,
and our prior (the shrunk history of ad, campaign, advertiser and category, with the post's record), as a number. VW
makes the same crosses itself; LightGBM, ids as categories, finds its own.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.features import MOST_INTERESTS
from attise.serving.prediction.priors import ORGANIC_HEADS
from attise.serving.training.facts import Facts

Rates = NDArray[np.float64]
VW_CROSSES: Final = "--interactions ic --interactions ip --interactions uc --interactions up --interactions ax"


def require() -> None:
    """Leave with a sentence when a peer is not installed."""
    missing = [name for name in ("vowpalwabbit", "lightgbm") if find_spec(name) is None]
    if missing:
        raise SystemExit(
            f"Prediction is measured beside Vowpal Wabbit and LightGBM; {' and '.join(missing)} cannot be found. Run "
            "`make dev`, or choose another case with --only."
        )


class Known:
    """What every learner may use of rows, as numbers: made once for all of them."""

    def __init__(
        self, facts: Facts, prior: NDArray[np.float32], seen: NDArray[np.float32], lifts: NDArray[np.float32]
    ) -> None:
        """Take facts with what ours knew of each row before it: priors' log-odds, impressions, the posts' lifts."""
        ads = facts.ads
        self.ids = np.stack(
            [
                *(ads.ad_id, ads.campaign_id, ads.advertiser_id, ads.post_id, ads.creator_id),
                *(_dense(ads.category), _dense(ads.objective), _dense(ads.kind)),
                *(_dense(facts.viewers[:, column]) for column in range(MOST_VIEWER)),
            ],
            axis=1,
        )
        self.numbers = np.stack(
            [
                *(np.log1p(seen), np.log1p(facts.exposures), np.log1p(np.maximum(facts.since_ms, 0) / 60_000)),
                *(facts.follows, np.log(np.maximum(ads.duration_ms, 1) / 15_000)),
                *(lifts[:, place] for place in range(len(ORGANIC_HEADS))),
            ],
            axis=1,
        ).astype(np.float32)
        self.interests = facts.viewers[:, -MOST_INTERESTS:]
        self.prior = prior
        codes = np.unique(self.interests[self.interests > 0])
        self.likes = np.stack([(self.interests == code).any(axis=1) for code in codes], axis=1).astype(np.float32)


MOST_VIEWER: Final = 10
"""The viewer's keys that are categories: all but interests and items since the last ad."""


def _dense(values: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def lightgbm(known: Known, labels: NDArray[np.integer], head: int, cut: int) -> Rates:
    """Return the rates of rows from ``cut`` on, by trees grown on those before, stopped on the last tenth of these."""
    import lightgbm as lgb

    table = np.concatenate([known.ids, known.numbers, known.likes, known.prior[:, head : head + 1]], axis=1)
    cats = list(range(known.ids.shape[1]))
    hold = cut * 9 // 10
    first = lgb.Dataset(table[:hold], labels[:hold], categorical_feature=cats, free_raw_data=False)
    second = lgb.Dataset(table[hold:cut], labels[hold:cut], reference=first, free_raw_data=False)
    options = {
        "objective": "binary", "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 200, "verbosity": -1,
        "cat_smooth": 50, "cat_l2": 20, "feature_fraction": 0.7, "num_threads": 1, "deterministic": True, "seed": 1,
    }  # fmt: skip
    stopped = lgb.train(options, first, 1_000, valid_sets=[second], callbacks=[lgb.early_stopping(50, verbose=False)])
    whole = lgb.Dataset(table[:cut], labels[:cut], categorical_feature=cats)
    found = lgb.train(options, whole, max(stopped.best_iteration, 1))
    return np.asarray(found.predict(table[cut:]), dtype=np.float64)


def vowpal_wabbit(
    told: list[str], labels: NDArray[np.integer], cut: int, options: str = "", *, goes_on: bool = False
) -> Rates:
    """Return the rates of rows from ``cut`` on, after one pass over those before; ``goes_on``: learning meanwhile.

    Args: told: ``lines``.
    """
    from vowpalwabbit import Workspace

    learner = Workspace(f"--loss_function logistic --link logistic -b 20 --quiet {VW_CROSSES} {options}")
    found = np.empty(len(labels) - cut)
    for row, line in enumerate(told):
        if row >= cut:
            found[row - cut] = learner.predict(f"|{line}")
        if row < cut or goes_on:
            learner.learn(f"{1 if labels[row] == 1 else -1} |{line}")
    learner.finish()
    return found


def lines(known: Known, head: int) -> list[str]:
    """Return each row in VW's words: namespaces a (ad), p (post), c (category), u (viewer), i (interests), x, n."""
    found = []
    prior = known.prior[:, head]
    for row in range(len(prior)):
        ids, numbers = known.ids[row], known.numbers[row]
        liked = " ".join(f"{code}" for code in known.interests[row] if code)
        viewer = " ".join(f"{place}_{value}" for place, value in enumerate(ids[8:18].tolist()))
        shown, again, since, follows, long, *lifts = numbers.tolist()
        told = " ".join(f"l{place}:{value:.4f}" for place, value in enumerate(lifts))
        found.append(
            f"a ad_{ids[0]} ca_{ids[1]} ad_{ids[2]}_v cr_{ids[4]} o_{ids[6]} k_{ids[7]} s_{int(shown)}"
            f" |p p_{ids[3] or -ids[0]} |c c_{ids[5]} |u {viewer} g_{ids[8]}_{ids[9]} |i {liked}"
            f" |x e_{int(again / 0.69)} t_{int(since / 2)} f_{int(follows)}"
            f" |n prior:{prior[row]:.4f} long:{long:.4f} {told}"
        )
    return found
