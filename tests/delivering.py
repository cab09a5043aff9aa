"""A state to decide on, in memory: ads as records, rates that are told, budgets that are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from attise.kernel.limits import DAY_MS
from attise.records.decision import HEADS, Versions
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.snapshot.shapes import SnapshotAd
from attise.records.snapshot.tables import Tables
from attise.records.targeting import Targeting
from attise.records.terms import Terms
from attise.records.totals import EnvelopeTotals, Totals, TotalsHead
from attise.serving.delivery.allowance import UNCERTAIN_LIFE_MS, Allowances
from attise.serving.delivery.bound import static_bound
from attise.serving.delivery.memory import NEW, ViewerMemory, answered
from attise.serving.delivery.offers import Pace, offers_of
from attise.serving.delivery.pacing.budgets import Ints
from attise.serving.delivery.policy import SANDBOX, Policy
from attise.serving.delivery.state import Part, State
from attise.serving.prediction.calibration import plain_grid
from attise.serving.prediction.model import Model
from attise.serving.prediction.predictor import Draws, Predictor
from attise.serving.prediction.priors import logit
from attise.serving.prediction.table import facts_of_snapshot, make_table, organic_records
from attise.serving.targeting.build import build_segment
from tests.snapshot_records import (
    NOON_MS,
    a_creative_record,
    a_grant_record,
    a_group_record,
    a_post_record,
    an_ad_record,
)

USUAL = (0.01, 0.35, 0.2, 0.04, 0.03, 0.003)
"""Rates, by ``HEADS``, of ads of which nothing is told."""
WIRE_MS = NOON_MS + 500
RICH = 10**12
VIEWER = ViewerContext(pseudonym="v1", age=30, country="FR", language="fr")


@dataclass
class ToldRates:
    """A predictor that knows what it is told; rates that are drawn stand in ``drawn``."""

    rates: Mapping[int, Sequence[float]]
    ids: list[np.ndarray]
    drawn: Mapping[int, Sequence[float]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    width: float = 0.5
    """Of other draws, in log-odds around the mean."""

    mean: Any = None
    sampled: Any = None
    exploring: Any = None
    draws: Any = None

    def in_loop(self, viewer, **about):
        return None

    def predict(self, viewer, *, segment, place, **about):
        self.asked.append({"many": len(place), **about})
        ids = [int(self.ids[number][at]) for number, at in zip(segment.tolist(), place.tolist(), strict=True)]
        mean = np.array([self.rates.get(one, USUAL) for one in ids], dtype=np.float32).reshape(len(ids), len(HEADS))
        exploring = np.array([one in self.drawn for one in ids], dtype=bool)
        sampled = None
        if exploring.any():
            sampled = mean.copy()
            for at in np.flatnonzero(exploring):
                sampled[at] = self.drawn[ids[at]]
        middle = logit(mean[exploring]).astype(np.float32)
        draws = Draws(middle, np.full_like(middle, self.width), plain_grid()) if exploring.any() else None
        return ToldRates({}, [], mean=mean, sampled=sampled, exploring=exploring, draws=draws)


def an_ad(
    ad_id: int, *, group: Mapping[str, Any] = {}, grant: Mapping[str, Any] = {}, post: Mapping[str, Any] = {}, **parts
) -> SnapshotAd:
    """Return a Spark ad of its own group, campaign, advertiser, creator and post, for everybody."""
    values = {
        "advertiser_id": 1_000 + ad_id,
        "campaign_id": 2_000 + ad_id,
        "targeting": Targeting(),
        "envelope_id": 0,
        "balance_envelope_id": 0,
        **group,
    }
    adgroup_id = values.pop("adgroup_id", 3_000 + ad_id)
    grants = {"starts_at_ms": NOON_MS - DAY_MS, "terms": Terms(), "envelope_id": 0, **grant}
    posts = {"creator_id": 5_000 + ad_id, **post}
    return an_ad_record(
        ad_id,
        **{
            "creative": a_creative_record(ad_id),
            "group": a_group_record(adgroup_id, **values),
            "grant": a_grant_record(4_000 + ad_id, **grants),
            "post": a_post_record(posts.pop("post_id", 6_000 + ad_id), **posts),
            **parts,
        },
    )


def allowances_of(rooms: Mapping[int, int] = {}, *, at_ms: int = WIRE_MS) -> Allowances:
    """Return allowances with so much left in these envelopes, as of a long-lived single process."""
    made = Allowances(node=1, started_at_ms=at_ms - 2 * UNCERTAIN_LIFE_MS)
    rows = [
        EnvelopeTotals(one, "day", NOON_MS - DAY_MS, NOON_MS + DAY_MS, limit_micros=left, spent_micros=0)
        for one, left in rooms.items()
    ]
    made.heed(Totals(TotalsHead(1, at_ms, at_ms), tuple(rows)), processes=1)
    return made


def facts_of(*rows: EnvelopeTotals) -> Callable[[Ints], Ints]:
    """Return what pacing asks of envelopes of which totals told these rows."""
    made = Allowances(node=1, started_at_ms=0)
    made.heed(Totals(TotalsHead(1, WIRE_MS, WIRE_MS), rows), processes=1)
    return made.facts_of


def a_state(
    *segments: Sequence[SnapshotAd],
    rates: Mapping[int, Sequence[float]] = {},
    drawn: Mapping[int, Sequence[float]] = {},
    rooms: Mapping[int, int] | None = None,
    pace: Mapping[int, float] = {},
    entry: Mapping[int, float] = {},
    policy: Policy = SANDBOX,
    totals_at_ms: int = WIRE_MS,
    model: Model | None = None,
) -> State:
    """Return a state of some segments; by ad group: pacing; by ad: rates; by envelope: what is left (None: plenty).

    Where there is a model, it tells the rates.
    """
    if rooms is None:
        rooms = dict.fromkeys({one for ads in segments for ad in ads for one in envelopes_of(ad)}, RICH)
    allowances = allowances_of(rooms, at_ms=totals_at_ms)
    parts, ids, tables_of_parts = [], [], []
    for ads in segments:
        tables = Tables()
        for ad in ads:
            if not tables.has_group(ad.group.adgroup_id):
                tables.add_group(ad.group, 0)
            if ad.post is not None and not tables.has_post(ad.post.post_id):
                tables.add_post(ad.post, 0)
            tables.add_ad(ad, 0)
        arrays, words = tables.arrays(), tables.words.all()
        told = np.array([rates.get(ad.ad_id, USUAL) for ad in ads], dtype=np.float32).reshape(len(ads), len(HEADS))
        segment = build_segment(arrays, words, static_bound(arrays, words, told, policy))
        groups = segment.groups["adgroup_id"].tolist()
        paces = Pace(
            np.array([pace.get(one, 1.0) for one in groups], dtype=np.float32),
            np.array([entry.get(one, 1.0) for one in groups], dtype=np.float32),
        )
        offers = offers_of(segment, paces, allowances, policy)
        parts.append(Part(segment, offers, ads.__getitem__))
        ids.append(segment.ads["ad_id"])
        if model is not None:
            tables_of_parts.append(
                make_table(model, facts_of_snapshot(arrays, words, segment.ads["source"]), organic_records(()))
            )
    told_rates = ToldRates(rates, ids, drawn)
    predictor = told_rates if model is None else Predictor(model, tuple(tables_of_parts))
    return State(tuple(parts), predictor, allowances, policy, Versions(snapshot=1))


def envelopes_of(ad: SnapshotAd) -> set[int]:
    group = ad.group
    named = {
        *(group.campaign_envelope_id, group.campaign_week_envelope_id, group.envelope_id, group.week_envelope_id),
        *(group.balance_envelope_id, 0 if ad.grant is None else ad.grant.envelope_id),
    }
    return named - {0}


def a_request(*, viewer: ViewerContext = VIEWER, seed: int = 7, now_ms: int = NOON_MS + 1, **fields) -> FeedRequest:
    values = {
        "feed_id": 90_000,
        "count": 10,
        "wire_ms": WIRE_MS,
        "ids": tuple(range(100, 110)),
        "session_id": "s",
        **fields,
    }
    return FeedRequest(viewer=viewer, now_ms=now_ms, seed=seed, **values)


def remembered(*decisions, memory: ViewerMemory = NEW, now_ms: int = NOON_MS) -> ViewerMemory:
    """Return a memory to which each decision was shown as an answer of its own, at ``now_ms``."""
    for decision in decisions:
        memory = answered(memory, [decision.winner.post_id], [(0, decision)], session_id="s", now_ms=now_ms)
    return memory


def as_if_shown(memory: ViewerMemory, decision, **winner) -> ViewerMemory:
    """Return a memory after an ad that differs from a decision's winner in some ids."""
    changed = msgspec.structs.replace(decision.winner, **winner)
    return remembered(msgspec.structs.replace(decision, winner=changed), memory=memory)
