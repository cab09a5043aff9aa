"""Rows of facts from what settling left: steps, the outcomes they belong to, and the decisions behind them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from attise.ledger.days import offset_ms
from attise.ledger.rules import Zone
from attise.measurement.attribution.queries import OutcomeStep, OutcomeTerms
from attise.measurement.conversions.queries import ConversionStep
from attise.measurement.counters.signals import OF_STATE, OF_TYPE
from attise.records.decision import HEADS, Decision
from attise.records.fact import CONVERSION, OUTCOME, SEPARATOR, Fact
from attise.records.totals import PostCounts, PostTotals

COLUMN_OF: Final[Mapping[str, str]] = {
    **OF_TYPE,
    **OF_STATE,
    "viewed": "goal_views",
    "unlike": "unlikes",
    "unsave": "unsaves",
    "unfollow": "unfollows",
    "unwanted": "negatives",
}
"""The column that counts an act (``attribution.acts.ACTS``)."""
_NOBODY: Final = PostTotals(0)
_NO_ZONE: Final = Zone("UTC")


def facts_of(
    steps: Iterable[OutcomeStep],
    conversions: Iterable[ConversionStep],
    *,
    outcomes: Mapping[int, OutcomeTerms],
    decisions: Mapping[int, Decision],
    posts: Mapping[int, PostTotals],
    zones: Mapping[int, Zone],
) -> list[Fact]:
    """Return the facts of some steps, by decision and then in the order of the log.

    Args: outcomes, decisions: by decision; posts: what was counted of them, by post; zones: of advertisers, by ad.
    What is not there is unknown. Steps of one decision are one fact, whose position is the last of theirs.
    """
    found = [
        _of_outcome(together, outcomes.get(together.decision_id), decisions.get(together.decision_id), posts)
        for together in _added_up(steps)
    ]
    found += [
        _of_conversion(one, outcomes.get(one.credited_decision_id), decisions.get(one.credited_decision_id), posts)
        for one in conversions
    ]
    found = [_in_zone(fact, zones.get(fact.ad_id, _NO_ZONE)) for fact in found]
    return sorted(found, key=lambda fact: (fact.decision_id, fact.position, fact.sort))


def _added_up(steps: Iterable[OutcomeStep]) -> list[OutcomeStep]:
    """Return the steps of each decision as one."""
    found: dict[int, OutcomeStep] = {}
    for step in steps:
        held = found.get(step.decision_id)
        found[step.decision_id] = step if held is None else _sum(held, step)
    return list(found.values())


def _sum(one: OutcomeStep, later: OutcomeStep) -> OutcomeStep:
    acts = dict(one.acts)
    for act, count in later.acts.items():
        acts[act] = acts.get(act, 0) + count
    doubts = sorted(doubt for doubt in (one.doubt, later.doubt) if doubt)
    return OutcomeStep(
        position=max(one.position, later.position),
        decision_id=one.decision_id,
        received_at_ms=max(one.received_at_ms, later.received_at_ms),
        acts=acts,
        doubted=one.doubted + later.doubted,
        doubt=doubts[0] if doubts else "",
        watch_ms=one.watch_ms + later.watch_ms,
        charged_micros=one.charged_micros + later.charged_micros,
        outcome=later.outcome or one.outcome,
        reason=later.reason or one.reason,
    )


def _of_outcome(
    step: OutcomeStep, terms: OutcomeTerms | None, decision: Decision | None, posts: Mapping[int, PostTotals]
) -> Fact:
    of_decision = {**_of_terms(terms), **_of_decision(decision), **_of_post(terms, posts)}
    return Fact(
        sort=OUTCOME,
        position=step.position,
        decision_id=step.decision_id,
        at_ms=0 if terms is None else terms.decided_at_ms,
        received_at_ms=step.received_at_ms,
        **of_decision,
        **{COLUMN_OF[act]: count for act, count in step.acts.items() if act in COLUMN_OF},
        watch_ms=step.watch_ms,
        doubted=step.doubted,
        doubt=step.doubt,
        charged_micros=step.charged_micros,
        charge=step.outcome,
        charge_reason=step.reason,
    )


def _of_conversion(
    step: ConversionStep, terms: OutcomeTerms | None, decision: Decision | None, posts: Mapping[int, PostTotals]
) -> Fact:
    has_value = step.value_micros >= 0
    own = {
        "ad_id": step.ad_id,
        "adgroup_id": step.adgroup_id,
        "campaign_id": step.campaign_id,
        "advertiser_id": step.advertiser_id,
        "post_id": step.post_id,
        "is_paid": step.credited_decision_id != 0,
        "decided_at_ms": step.decided_at_ms,
    }
    return Fact(
        sort=CONVERSION,
        position=step.position,
        decision_id=step.credited_decision_id,
        at_ms=step.at_ms,
        received_at_ms=step.received_at_ms,
        **{**_of_terms(terms), **_of_decision(decision), **_of_post(terms, posts), **own},
        conversions=step.sign,
        is_counted=step.is_counted,
        is_result=step.is_result,
        conversion_id=step.conversion_id,
        event=step.event,
        source=step.source,
        pixel_id=step.pixel_id,
        value_micros=step.sign * step.value_micros if has_value else 0,
        value_currency=step.currency if has_value else "",
        touch=step.touch,
        touch_at_ms=step.touch_at_ms,
    )


def _in_zone(fact: Fact, zone: Zone) -> Fact:
    """Say what the advertiser's clock showed; the zone is the one whose day paid."""
    decided_ms, at_ms = fact.decided_at_ms, fact.at_ms
    offsets = {
        "decided_offset_ms": offset_ms(zone.at(decided_ms), decided_ms),
        "at_offset_ms": offset_ms(zone.at(at_ms), at_ms),
    }
    return msgspec.structs.replace(fact, **offsets)


def _of_terms(terms: OutcomeTerms | None) -> dict[str, Any]:
    if terms is None:
        return {}
    return {**msgspec.structs.asdict(terms), "is_spark": terms.post_id != 0}


def _of_post(terms: OutcomeTerms | None, posts: Mapping[int, PostTotals]) -> dict[str, Any]:
    counted: PostCounts = _NOBODY.organic if terms is None else posts.get(terms.post_id, _NOBODY).organic
    return {
        "organic_impressions": counted.impressions,
        "organic_view_6s": counted.views_6s,
        "organic_complete": counted.completions,
        "organic_engage": counted.engagements,
        "organic_negative": counted.negatives,
    }


def _of_decision(decision: Decision | None) -> dict[str, Any]:
    """Return what a decision's record says of the viewer, the place, the ad and its prediction."""
    if decision is None or decision.winner is None:
        return {}
    viewer, winner, moment = decision.viewer, decision.winner, decision.moment
    known: dict[str, Any] = {
        "has_decision": True,
        "surface": decision.surface,
        "snapshot_version": decision.versions.snapshot,
        "may_profile": viewer.may_profile,
        "is_minor": viewer.is_minor,
        "country": viewer.country,
        "region": viewer.region,
        "language": viewer.language,
        "os": viewer.os,
        "place": moment.place,
        "videos_since_ad": moment.videos_since_ad,
        "exposures": winner.exposures,
        "ms_since_exposure": winner.ms_since_exposure,
        "is_exploration": decision.is_exploration,
        "propensity": decision.propensity,
        "price_ecpm": decision.price_ecpm,
        "bid_micros": winner.bid_micros,
        "pace": winner.pace,
        "optimization_goal": winner.optimization_goal,
        "objective": winner.objective,
        "category": winner.category,
        "kind": winner.kind,
        "post_language": winner.language,
        "duration_ms": winner.duration_ms,
        **{f"p_{head}": rate for head, rate in zip(HEADS, winner.predictions, strict=False)},
    }
    if viewer.may_profile:
        known |= {
            "age_group": viewer.age_group,
            "gender": viewer.gender,
            "device_price": -1 if viewer.device_price is None else viewer.device_price,
            "interests": SEPARATOR.join(viewer.interests),
        }
    return known
